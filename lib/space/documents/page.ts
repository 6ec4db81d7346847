// The annotations of one web page: a map from annotation id to annotation.
import { z } from 'zod';
import { annotationTarget, MAX_NOTE_CHARS } from '../../wire/annotator.ts';
import { fail, FailureError } from '../../wire/failure.ts';
import { creatorOf, isMap, mapAt, textOf, whole, type AutomergeMap } from './automerge-doc.ts';
import type { DocumentKind } from './document-kind.ts';
import { checkShape } from '../../wire/shape.ts';
import { MAX_CARRIED } from './page-limits.ts';

const id = z.string().regex(/^[0-9a-z-]{8,64}$/);
const note = z.string().max(MAX_NOTE_CHARS);
const time = z.number().int().min(0).max(8.64e15);
const agent = z.strictObject({ did: z.string().max(128), name: z.string().max(200) }).nullable();

const addAnnotation = z.strictObject({
  id,
  url: z.string().max(2048),
  title: z.string().max(300),
  target: annotationTarget,
  note,
  agent,
  at: time,
});
/** Whose it was in the space that it was brought over from, as whoever brought it says. */
const firstAuthor = z.strictObject({ did: z.string().max(128), name: z.string().max(200) });
const carriedAnnotation = z.strictObject({
  id,
  target: annotationTarget,
  note,
  agent,
  by: firstAuthor,
  createdAt: time,
  editedAt: time.nullable(),
});
const carryAnnotations = z.strictObject({
  url: z.string().max(2048),
  title: z.string().max(300),
  annotations: z.array(carriedAnnotation).min(1).max(MAX_CARRIED),
});
const editAnnotation = z.strictObject({ id, note, at: time });
const removeAnnotation = z.strictObject({ id });

/** An annotation as it was read out of a document; `creator` is the actor whose change made it. */
const stored = z.object({
  id,
  target: annotationTarget,
  note,
  agent,
  by: firstAuthor.nullable(),
  createdAt: time,
  editedAt: time.nullable(),
  creator: z.string(),
});
export type StoredAnnotation = z.infer<typeof stored>;

export interface PageDocument {
  readonly url: string | null;
  readonly title: string | null;
  readonly annotations: readonly StoredAnnotation[];
}

export type AddAnnotation = z.infer<typeof addAnnotation>;
export type CarriedAnnotation = z.infer<typeof carriedAnnotation>;

export const page: DocumentKind = {
  begin: (doc) => {
    doc['annotations'] = {};
  },
  verbs: {
    add: (doc, args) => add(doc, addAnnotation.parse(args)),
    carry: (doc, args) => carry(doc, carryAnnotations.parse(args)),
    edit: (doc, args) => {
      const edit = editAnnotation.parse(args);
      const annotation = existing(doc, edit.id);
      annotation['note'] = whole(edit.note);
      annotation['editedAt'] = edit.at;
    },
    remove: (doc, args) => {
      const { id: removed } = removeAnnotation.parse(args);
      existing(doc, removed);
      delete mapAt(doc, 'annotations')?.[removed];
    },
  },
  read: (doc): PageDocument => ({
    url: textOf(doc['url']),
    title: textOf(doc['title']),
    annotations: readAnnotations(doc),
  }),
};

function add(doc: AutomergeMap, args: AddAnnotation): void {
  const annotations = mapAt(doc, 'annotations') ?? broken();
  nameAfter(doc, args);
  annotations[args.id] = {
    ...contentOf(args),
    createdAt: args.at,
    editedAt: null,
  };
}

/** Brings annotations over from another space; those that are there already stay as they are. */
function carry(doc: AutomergeMap, args: z.infer<typeof carryAnnotations>): void {
  const annotations = mapAt(doc, 'annotations') ?? broken();
  nameAfter(doc, args);
  for (const annotation of args.annotations) {
    if (Object.hasOwn(annotations, annotation.id)) continue;
    const { by, createdAt, editedAt } = annotation;
    annotations[annotation.id] = {
      ...contentOf(annotation),
      by: { did: whole(by.did), name: whole(by.name) },
      createdAt,
      editedAt,
    };
  }
}

function nameAfter(
  doc: AutomergeMap,
  args: { readonly url: string; readonly title: string },
): void {
  if (textOf(doc['url']) !== args.url) doc['url'] = whole(args.url);
  if (textOf(doc['title']) !== args.title) doc['title'] = whole(args.title);
}

function contentOf(args: Pick<AddAnnotation, 'target' | 'note' | 'agent'>) {
  const { exact, prefix, suffix } = args.target.quote;
  return {
    exact: whole(exact),
    prefix: whole(prefix),
    suffix: whole(suffix),
    start: args.target.position.start,
    end: args.target.position.end,
    note: whole(args.note),
    agent: args.agent && { did: whole(args.agent.did), name: whole(args.agent.name) },
  };
}

function existing(doc: AutomergeMap, annotationId: string): AutomergeMap {
  const annotation = mapAt(mapAt(doc, 'annotations') ?? {}, annotationId);
  if (annotation !== null) return annotation;
  throw new FailureError(
    fail(
      'not_found',
      'This annotation is no longer there.',
      'Someone may have removed it. Look again.',
    ).failure,
  );
}

function readAnnotations(doc: AutomergeMap): StoredAnnotation[] {
  const annotations = mapAt(doc, 'annotations') ?? {};
  return Object.keys(annotations)
    .toSorted()
    .flatMap((key) => {
      const parsed = checkShape(stored, shapeOf(key, annotations[key]));
      return parsed.success ? [parsed.data] : [];
    });
}

function shapeOf(key: string, value: unknown): unknown {
  if (!isMap(value)) return null;
  const maker = value['agent'];
  const first = value['by'];
  return {
    id: key,
    target: {
      quote: {
        type: 'TextQuoteSelector',
        exact: textOf(value['exact']),
        prefix: textOf(value['prefix']),
        suffix: textOf(value['suffix']),
      },
      position: { type: 'TextPositionSelector', start: value['start'], end: value['end'] },
    },
    note: textOf(value['note']),
    agent: isMap(maker) ? { did: textOf(maker['did']), name: textOf(maker['name']) } : null,
    by: isMap(first) ? { did: textOf(first['did']), name: textOf(first['name']) } : null,
    createdAt: value['createdAt'],
    editedAt: value['editedAt'],
    creator: creatorOf(value),
  };
}

function broken(): never {
  throw new FailureError(
    fail(
      'conflict',
      'Someone has replaced the annotations of this page with something else.',
      'Ask the people of the space who did so; the log keeps every earlier annotation.',
    ).failure,
  );
}
