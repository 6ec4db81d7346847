// What is known about the page that is shown: its annotations, the spaces one may annotate into, and what this
// person just made that the node has not confirmed yet. Every change goes to the marks and to the listener.
import type { AnchorState, PageAnnotation, PageAnnotations } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import { fail } from '../wire/failure.ts';
import type { AnnotatorHost, Draft } from './annotator-host.ts';
import type { Marks } from './annotator-marks.ts';

export interface AnnotatorModel {
  url(): string | null;
  /** Null until the node has answered for this address. */
  page(): PageAnnotations | null;
  /** Asks the node for everything about the page at `url`; null shows nothing. */
  open(url: string | null): Promise<Result<PageAnnotations>>;
  /** What the node pushed. Ignored if it is about another page. */
  set(url: string, page: PageAnnotations): void;
  /** Shows the annotation at once, as tentative, and takes it back if the node refuses it. */
  create(draft: Draft): Promise<Result<{ id: string }>>;
  edit(annotation: PageAnnotation, note: string): Promise<Result<null>>;
  remove(annotation: PageAnnotation): Promise<Result<null>>;
  /** Tells the node where the marks stand, if that changed. */
  report(states: readonly AnchorState[]): void;
}

const LOCAL = 'local-';
/** Where the marks of a page without any stand. */
const NOTHING = '[]';

export function createAnnotatorModel(
  host: AnnotatorHost,
  marks: Marks,
  changed: () => void,
): AnnotatorModel {
  let url: string | null = null;
  let page: PageAnnotations | null = null;
  let reported = NOTHING;
  let drafts = 0;
  const pending = new Map<string, PageAnnotation>();

  const apply = (): void => {
    const known = page?.annotations ?? [];
    for (const { id } of known) pending.delete(id);
    marks.set([...known, ...pending.values()]);
    changed();
    void marks.refresh();
  };
  const replace = (change: (annotations: readonly PageAnnotation[]) => PageAnnotation[]): void => {
    if (page === null) return;
    page = { ...page, annotations: change(page.annotations) };
    apply();
  };

  return {
    url: () => url,
    page: () => page,
    async open(next) {
      if (next !== url) {
        [url, page, reported] = [next, null, NOTHING];
        pending.clear();
        apply();
      }
      if (next === null) return notAPage();
      const reply = await host.open(next);
      if (reply.ok && next === url) {
        [page, reported] = [reply.value, NOTHING];
        apply();
      }
      return reply;
    },
    set(about, next) {
      if (about !== url) return;
      // A node that was started anew asks by this to be told again.
      [page, reported] = [next, NOTHING];
      apply();
    },
    async create(draft) {
      const local = `${LOCAL}${++drafts}`;
      const made = tentative(local, draft, page);
      if (made !== null) pending.set(local, made);
      apply();
      const reply = await host.create(draft);
      const confirmed = pending.get(local);
      pending.delete(local);
      if (reply.ok && confirmed !== undefined) {
        pending.set(reply.value.id, { ...confirmed, id: reply.value.id });
      }
      apply();
      return reply;
    },
    async edit({ id, spaceId }, note) {
      const reply = await host.edit({ id, spaceId, url: url ?? '' }, note);
      if (reply.ok) replace((all) => all.map((one) => (one.id === id ? { ...one, note } : one)));
      return reply;
    },
    async remove({ id, spaceId }) {
      const reply = await host.remove({ id, spaceId, url: url ?? '' });
      if (reply.ok) {
        pending.delete(id);
        replace((all) => all.filter((one) => one.id !== id));
      }
      return reply;
    },
    report(states) {
      const theirs = states.filter(({ id }) => !id.startsWith(LOCAL));
      const now = JSON.stringify(theirs);
      if (url === null || page === null || now === reported) return;
      reported = now;
      host.report(url, theirs);
    },
  };
}

function tentative(id: string, draft: Draft, page: PageAnnotations | null): PageAnnotation | null {
  const space = page?.spaces.find((one) => one.id === draft.spaceId);
  const person = page?.person ?? null;
  if (person === null || space === undefined) return null;
  return {
    id,
    spaceId: space.id,
    spaceName: space.name,
    target: draft.target,
    note: draft.note,
    by: { ...person, kind: 'person' },
    createdAt: Date.now(),
    tentative: true,
    mine: true,
  };
}

function notAPage(): Result<never> {
  return fail(
    'unavailable',
    'This page has no address that others could open.',
    'Annotate a page on the web or a file.',
  );
}
