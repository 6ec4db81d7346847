// Writes work of one's own again that was cut off with a dropped history: facts as they were, changes under a new actor.
import type { EpochKeys } from '../group/epoch-keys.ts';
import { readStoredEntry } from '../log/seal.ts';
import type { StoredEntry } from '../store/entry-store.ts';
import type { ChangeBody, EntryBody } from '../wire/entry-body.ts';
import { ok, type Failure, type Result } from '../wire/failure.ts';
import { isDocumentId } from './document-ids.ts';
import type { DocumentShelf } from './document-shelf.ts';
import { readChange } from './documents/gate/read-change.ts';
import type { EntryWriter } from './entry-writer.ts';
import { ANNOUNCE } from './members.ts';
import { open, type OpenedEntry } from './opened-entry.ts';

export interface WrittenAgain {
  /** Names of the entries that are done with. */
  readonly done: readonly Uint8Array[];
  /** Why the first of the others could not be written. */
  readonly failure: Failure | null;
}

export interface WriteAgainParts {
  readonly keys: EpochKeys;
  readonly writer: EntryWriter;
  readonly shelf: () => Promise<DocumentShelf>;
  readonly write: (body: EntryBody, actor?: string) => Promise<Result<unknown>>;
}

/** `entries` in the order in which they were written. */
export async function writeAgain(
  parts: WriteAgainParts,
  entries: readonly StoredEntry[],
): Promise<WrittenAgain> {
  const done: Uint8Array[] = [];
  let failure: Failure | null = null;
  await parts.writer.renew();
  const moves = new Map<string, Moves>();
  for (const { bytes, hash } of entries) {
    const written = await writeOne(parts, moves, await openStored(bytes, parts.keys));
    if (written.ok) done.push(hash);
    else failure ??= written.failure;
  }
  return { done, failure };
}

/** What was written again in one document. */
interface Moves {
  readonly moved: Map<string, number>;
  readonly renamed: Map<string, string>;
  actor: string | null;
  count: number;
}

async function writeOne(
  parts: WriteAgainParts,
  moves: Map<string, Moves>,
  opened: Result<OpenedEntry>,
): Promise<Result<unknown>> {
  if (!opened.ok) return opened;
  const { body } = opened.value;
  if (body.kind === 'change') {
    const known = moves.get(body.document) ?? emptyMoves();
    moves.set(body.document, known);
    return writeChange(parts, known, body);
  }
  // Who this device is, it says for itself.
  if (body.event === ANNOUNCE) return ok(null);
  const { at, agent, event, payload } = body;
  return parts.write({ kind: 'event', at, agent, event, payload });
}

async function writeChange(
  parts: WriteAgainParts,
  moves: Moves,
  { at, agent, document, change }: ChangeBody,
): Promise<Result<unknown>> {
  const read = readChange(change);
  // What nobody would have applied is not worth writing again.
  if (!read.ok || !isDocumentId(document)) return ok(null);
  const { hash, startOp, actors } = read.change;
  const [by = ''] = actors;
  const shelf = await parts.shelf();
  return shelf.inTurn(document, async () => {
    moves.moved.set(by, Math.min(startOp, moves.moved.get(by) ?? startOp));
    const actor = await parts.writer.actor();
    if (moves.actor !== actor) Object.assign(moves, { actor, count: 0 });
    const { moved, renamed } = moves;
    const move = { change, actor, seq: moves.count + 1, moved, renamed };
    const again = await shelf.transplant(document, move);
    if (!again.ok) return again;
    const written = await parts.write(
      { kind: 'change', at, agent, document, change: again.value },
      actor,
    );
    if (!written.ok) return written;
    moves.count += 1;
    const rewritten = readChange(again.value);
    if (rewritten.ok) renamed.set(hash, rewritten.change.hash);
    return written;
  });
}

async function openStored(bytes: Uint8Array, keys: EpochKeys): Promise<Result<OpenedEntry>> {
  const read = readStoredEntry(bytes);
  return read.ok ? open(read.value, keys) : read;
}

function emptyMoves(): Moves {
  return { moved: new Map(), renamed: new Map(), actor: null, count: 0 };
}
