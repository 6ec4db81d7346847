// An entry after its seal was opened, with everything that readers of a space want to know of it.
import type { EpochKeys } from '../group/epoch-keys.ts';
import { actorOfSegment } from '../log/chain.ts';
import { openEntry, type Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import type { Result } from '../wire/failure.ts';
import { ok } from '../wire/failure.ts';

export interface OpenedEntry {
  /** Hash of the entry, hex. */
  readonly hash: string;
  /** Public key of the device that wrote it, hex. */
  readonly author: string;
  readonly seq: number;
  /** The Automerge actor that its author may use in it, hex. */
  readonly actor: string;
  readonly body: EntryBody;
}

/** Failures: `permission_denied` (an epoch we hold no key of), `bad_signature`, `malformed`. */
export async function open(entry: Entry, keys: EpochKeys): Promise<Result<OpenedEntry>> {
  const key = await keys.authorKey(entry.header.epoch, entry.header.author);
  if (!key.ok) return key;
  const body = await openEntry(entry, key.value);
  if (!body.ok) return body;
  return ok(openedEntry(entry, body.value));
}

export function openedEntry(
  { header, hash }: Pick<Entry, 'header' | 'hash'>,
  body: EntryBody,
): OpenedEntry {
  return {
    hash: toHex(hash),
    author: toHex(header.author),
    seq: header.seq,
    actor: toHex(actorOfSegment(header)),
    body,
  };
}
