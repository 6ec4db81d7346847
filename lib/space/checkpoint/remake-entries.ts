// Makes entries again as their authors sealed and signed them, from what a checkpoint says of them. Sealing has one
// outcome, so whatever was changed shows: the sealed body no longer has the hash that the signed header names.
import type { EpochKeys } from '../../group/epoch-keys.ts';
import { hashOf } from '../../identity/hash.ts';
import { sealBodyAgain } from '../../log/seal.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { encodeEntry } from '../../wire/entry.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { CheckpointEntry } from './read-checkpoint.ts';

/** Failures: `permission_denied` (a key that this device does not hold), `bad_signature` (not what was sealed). */
export async function remakeEntry(
  { header, headerBytes, signature, body }: CheckpointEntry,
  keys: EpochKeys,
): Promise<Result<Uint8Array>> {
  let sealed: Uint8Array;
  if ('sealed' in body) sealed = body.sealed;
  else {
    const key = await keys.authorKey(header.epoch, header.author);
    if (!key.ok) return key;
    sealed = await sealBodyAgain(header, body.bytes, key.value);
  }
  if (sealed.length !== header.bodySize) return CHANGED;
  if (!equalBytes(hashOf('entry-body', sealed), header.bodyHash)) return CHANGED;
  return ok(encodeEntry({ headerBytes, body: sealed, signature }));
}

const CHANGED = fail(
  'bad_signature',
  'A checkpoint of this space holds something else than its author sealed.',
  'The checkpoint is dropped; the space is read from its log instead.',
);
