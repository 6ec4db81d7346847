// Files on the board: sources of kind `file`, each with a reference to the blob that holds its bytes.
import { z } from 'zod';
import { MAX_BLOB_BYTES, MAX_BLOB_NAME_CHARS } from '../../wire/blob.ts';
import { fail, FailureError } from '../../wire/failure.ts';
import { checkShape } from '../../wire/shape.ts';
import { creatorOf, isMap, mapAt, textOf, whole, type AutomergeMap } from './automerge-doc.ts';

const id = z.string().regex(/^[0-9a-z-]{8,64}$/);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.number().int().min(0).max(8.64e15);

const file = z.strictObject({
  id,
  name: z.string().min(1).max(MAX_BLOB_NAME_CHARS),
  mediaType: z.string().max(100),
  size: z.number().int().min(0).max(MAX_BLOB_BYTES),
  /** Id and key of the blob, hex. */
  blob: hex32,
  key: hex32,
  addedAt: time,
});
const removeFile = z.strictObject({ id });

/** A file as it was read out of a board; `creator` is the actor whose change added it. */
const stored = file.extend({ creator: z.string() });
export type StoredFile = z.infer<typeof stored>;
export type AddFile = z.infer<typeof file>;

const SOURCES = 'sources';

export function beginFiles(doc: AutomergeMap): void {
  doc[SOURCES] = {};
}

export function addFile(doc: AutomergeMap, args: unknown): void {
  const { id: added, name, mediaType, size, blob, key, addedAt } = file.parse(args);
  const sources = mapAt(doc, SOURCES) ?? broken();
  sources[added] = {
    kind: whole('file'),
    name: whole(name),
    mediaType: whole(mediaType),
    size,
    blob: whole(blob),
    key: whole(key),
    addedAt,
  };
}

export function dropFile(doc: AutomergeMap, args: unknown): void {
  const { id: removed } = removeFile.parse(args);
  const sources = mapAt(doc, SOURCES) ?? {};
  if (mapAt(sources, removed) === null) throw new FailureError(GONE);
  delete sources[removed];
}

export function readFiles(doc: AutomergeMap): StoredFile[] {
  const sources = mapAt(doc, SOURCES) ?? {};
  return Object.keys(sources)
    .toSorted()
    .flatMap((key) => {
      const parsed = checkShape(stored, shapeOf(key, sources[key]));
      return parsed.success ? [parsed.data] : [];
    });
}

function shapeOf(key: string, value: unknown): unknown {
  if (!isMap(value) || textOf(value['kind']) !== 'file') return null;
  return {
    id: key,
    name: textOf(value['name']),
    mediaType: textOf(value['mediaType']),
    size: value['size'],
    blob: textOf(value['blob']),
    key: textOf(value['key']),
    addedAt: value['addedAt'],
    creator: creatorOf(value),
  };
}

const GONE = fail(
  'not_found',
  'This file is no longer in the space.',
  'Someone may have removed it.',
).failure;

function broken(): never {
  throw new FailureError(
    fail(
      'conflict',
      'Someone has replaced the files of this space with something else.',
      'Ask the people of the space who did so; the log keeps what was there before.',
    ).failure,
  );
}
