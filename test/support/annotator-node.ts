// The background of the test extension: stands where the node stands and speaks its messages, over a plain list.
// The test reads and changes it through `globalThis.node`.
import type {
  AnnotatorCommand,
  PageAnnotation,
  PageAnnotations,
} from '../../lib/wire/annotator.ts';
import { pageAddress, parseAnnotatorRequest } from '../../lib/wire/annotator.ts';
import type { AnnotatorRequest } from '../../lib/wire/annotator.ts';
import type { Failure } from '../../lib/wire/failure.ts';

export interface TestNode {
  /** Annotations by page address. */
  pages: Record<string, PageAnnotation[]>;
  spaces: PageAnnotations['spaces'];
  person: PageAnnotations['person'];
  /** Answers every `create` with this while it is set. */
  refusal: Failure | null;
  /** Everything that pages sent, oldest first. */
  heard: AnnotatorRequest[];
  push(): Promise<void>;
  command(message: AnnotatorCommand): Promise<unknown>;
}

declare global {
  var node: TestNode;
}

function pageOf(url: string): PageAnnotations {
  const { pages, spaces, person } = globalThis.node;
  return { annotations: pages[url] ?? [], spaces, activeSpaceId: spaces[0]?.id ?? null, person };
}

async function tellAll(message: (url: string) => unknown): Promise<unknown> {
  let last: unknown = null;
  for (const tab of await chrome.tabs.query({})) {
    const url = pageAddress(tab.url ?? '');
    if (tab.id === undefined || url === null) continue;
    last = await chrome.tabs.sendMessage(tab.id, message(url)).catch(() => last);
  }
  return last;
}

globalThis.node = {
  pages: {},
  spaces: [{ id: 'space-1', name: 'Field notes' }],
  person: { name: 'Ada Lovelace', hue: 0 },
  refusal: null,
  heard: [],
  push: async () => {
    await tellAll((url) => ({ to: 'annotator', type: 'annotations.set', url, ...pageOf(url) }));
  },
  command: (message) => tellAll(() => message),
};

function annotate(request: Extract<AnnotatorRequest, { type: 'annotations.create' }>): string {
  const { pages, spaces, person } = globalThis.node;
  const id = `a${Object.values(pages).flat().length + 1}`;
  (pages[request.url] ??= []).push({
    id,
    spaceId: request.spaceId,
    spaceName: spaces.find((space) => space.id === request.spaceId)?.name ?? '?',
    target: request.target,
    note: request.note,
    by: { name: person?.name ?? '?', hue: person?.hue ?? 0, kind: 'person' },
    createdAt: Date.now(),
    mine: true,
  });
  return id;
}

function answer(request: AnnotatorRequest): unknown {
  const { pages, refusal } = globalThis.node;
  switch (request.type) {
    case 'annotations.open':
      return pageOf(request.url);
    case 'annotations.create':
      return refusal === null ? { id: annotate(request) } : refusal;
    case 'annotations.edit':
      for (const one of pages[request.url] ?? [])
        if (one.id === request.id) one.note = request.note;
      return null;
    case 'annotations.remove':
      pages[request.url] = (pages[request.url] ?? []).filter(({ id }) => id !== request.id);
      return null;
    default:
      return null;
  }
}

chrome.runtime.onMessage.addListener((message: unknown, sender, reply) => {
  const request = parseAnnotatorRequest(message);
  if (request === null) return;
  if ('url' in request && pageAddress(sender.url ?? '') !== request.url) {
    const failure = { code: 'conflict', message: 'The page has moved.', remedy: 'Try again.' };
    reply({ ok: false, failure });
    return;
  }
  globalThis.node.heard.push(request);
  const refused = request.type === 'annotations.create' && globalThis.node.refusal !== null;
  const given = answer(request);
  reply(refused ? { ok: false, failure: given } : { ok: true, value: given });
  if (/create|edit|remove/.test(request.type)) void globalThis.node.push();
});
