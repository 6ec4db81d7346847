// What web pages' content scripts ask of the node. A page is hostile: it may only speak of the address it is at.
import {
  MAX_ANNOTATIONS,
  pageAddress,
  type AnnotatorRequest,
  type PageAnnotations as Drawn,
} from '../wire/annotator.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Desk } from './desk.ts';
import { ownHue } from './hue.ts';

/** Everything a page draws. */
export async function drawnOn(
  desk: Pick<Desk, 'annotations' | 'spaces' | 'profile'>,
  url: string,
): Promise<Drawn> {
  const { annotations, spaces, profile } = desk;
  const me = profile();
  const placed = await annotations.ofPage(url);
  return {
    annotations: placed.slice(-MAX_ANNOTATIONS).map((one) => annotations.view(one)),
    spaces: spaces.list().map(({ record }) => ({ id: record.id, name: record.name })),
    activeSpaceId: spaces.active()?.record.id ?? null,
    person: { name: me.name, hue: await ownHue(spaces.active(), me) },
  };
}

/** What a page draws before there is a person. */
export const NOTHING_DRAWN: Drawn = {
  annotations: [],
  spaces: [],
  activeSpaceId: null,
  person: null,
};

/** `senderUrl` is the address of the sender's document as the browser says it. */
export async function answerAnnotator(
  desk: Desk,
  request: Exclude<AnnotatorRequest, { type: 'panel.open' }>,
  senderUrl: string,
): Promise<Result<unknown>> {
  if (pageAddress(senderUrl) !== request.url) return elsewhere();
  switch (request.type) {
    case 'annotations.open':
      return ok(await drawnOn(desk, request.url));
    case 'annotations.create': {
      const { spaceId, url, title, target, note } = request;
      return desk.annotations.create({ spaceId, url, title, target, note, agent: null });
    }
    case 'annotations.edit':
      return desk.annotations.edit(request, request.note);
    case 'annotations.remove':
      return desk.annotations.remove(request);
    case 'annotations.anchored':
      desk.pages.heard(request.url, request.states);
      desk.changed();
      return ok(null);
  }
}

function elsewhere(): Result<never> {
  return fail(
    'conflict',
    'The page has moved to another address meanwhile.',
    'Try again when the page has loaded.',
  );
}
