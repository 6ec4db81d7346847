// Making, checking and opening entries: the cryptography of the log, one entry at a time.
import { hashOf, randomBytes } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import { equalBytes } from '../wire/bytes.ts';
import type { LogEntry } from './log-entry.ts';
import {
  decodeEntry,
  encodeAssociatedData,
  encodeEntry,
  encodeHeader,
  MAX_SEALED_BYTES,
  SEAL_OVERHEAD_BYTES,
  type EntryHeader,
  type RawEntry,
} from '../wire/entry.ts';
import { decodeBody, encodeBody, type EntryBody } from '../wire/entry-body.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

/** An entry whose hashes are right; `verifyEntry` says the same of its signature. */
export interface Entry extends RawEntry {
  /** 32 bytes: the hash of the header, the entry's name. */
  readonly hash: Uint8Array;
  /** The entry as it travels and is stored. */
  readonly bytes: Uint8Array;
}

/** False for an entry of the control log, which has no sealed body. */
export function isContent(entry: LogEntry): entry is Entry {
  return 'body' in entry;
}

/** Where a new entry stands: everything of its header that sealing does not decide. */
export type EntryPlace = Pick<
  EntryHeader,
  'space' | 'segment' | 'seq' | 'prev' | 'control' | 'seen' | 'epoch'
>;

/** A key for one author and epoch, and what commits to it. */
export interface SealingKey {
  readonly key: CryptoKey;
  readonly commitment: Uint8Array;
}

/** Seals and signs. Failure: `too_large` when the body belongs in a blob. */
export async function sealEntry(
  body: EntryBody,
  place: EntryPlace,
  sealing: SealingKey,
  signer: Signer,
): Promise<Result<Entry>> {
  const plain = encodeBody(body);
  if (plain.length + SEAL_OVERHEAD_BYTES > MAX_SEALED_BYTES) return tooLarge(plain.length);
  const nonce = randomBytes(12);
  const leading = { ...place, author: signer.publicKey, commitment: sealing.commitment, nonce };
  const sealed = await encrypt(sealing.key, nonce, encodeAssociatedData(leading), plain);
  const bodyHash = hashOf('entry-body', sealed);
  const header: EntryHeader = { ...leading, bodyHash, bodySize: sealed.length };
  const headerBytes = encodeHeader(header);
  const hash = hashOf('entry-header', headerBytes);
  const signature = await signer.sign(signedMessage(hash));
  const bytes = encodeEntry({ headerBytes, body: sealed, signature });
  return ok({ header, headerBytes, body: sealed, signature, hash, bytes });
}

/**
 * Decodes an entry and checks its hashes and signature: all that a replica without keys can know.
 * Failures: `malformed`, `not_canonical`, `too_large`, `unsupported_version`, `bad_signature`.
 */
export async function verifyEntry(bytes: Uint8Array): Promise<Result<Entry>> {
  const raw = decodeEntry(bytes);
  if (!raw.ok) return raw;
  const { header, headerBytes, body, signature } = raw.value;
  if (!equalBytes(hashOf('entry-body', body), header.bodyHash)) return badSignature('its body');
  const hash = hashOf('entry-header', headerBytes);
  if (!(await verify(header.author, signedMessage(hash), signature))) return badSignature('it');
  return ok({ ...raw.value, hash, bytes });
}

/** Decodes an entry that this replica verified when it stored it. Failures as of `decodeEntry`. */
export function readStoredEntry(bytes: Uint8Array): Result<Entry> {
  const raw = decodeEntry(bytes);
  if (!raw.ok) return raw;
  return ok({ ...raw.value, hash: hashOf('entry-header', raw.value.headerBytes), bytes });
}

/** Opens the body. Failures: `bad_signature` (another key than it commits to, or altered), `malformed`. */
export async function openEntry(entry: Entry, sealing: SealingKey): Promise<Result<EntryBody>> {
  const { header } = entry;
  if (!equalBytes(header.commitment, sealing.commitment)) return badSignature('its key');
  try {
    const plain = await crypto.subtle.decrypt(
      gcm(header.nonce, encodeAssociatedData(header)),
      sealing.key,
      new Uint8Array(entry.body),
    );
    return decodeBody(new Uint8Array(plain));
  } catch {
    return badSignature('its sealed body');
  }
}

/** The sealed body that belongs to a header, made again. */
export function sealBodyAgain(
  header: EntryHeader,
  plain: Uint8Array,
  { key }: SealingKey,
): Promise<Uint8Array> {
  return encrypt(key, header.nonce, encodeAssociatedData(header), plain);
}

async function encrypt(
  key: CryptoKey,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  plain: Uint8Array,
): Promise<Uint8Array> {
  const sealed = await crypto.subtle.encrypt(
    gcm(nonce, associatedData),
    key,
    new Uint8Array(plain),
  );
  return new Uint8Array(sealed);
}

function gcm(nonce: Uint8Array, associatedData: Uint8Array): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: new Uint8Array(nonce),
    additionalData: new Uint8Array(associatedData),
  };
}

function signedMessage(headerHash: Uint8Array): Uint8Array {
  return hashOf('entry-signature', headerHash);
}

function badSignature(what: string): Result<never> {
  return fail(
    'bad_signature',
    `An entry was refused: ${what} does not match what its author signed.`,
    'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
  );
}

function tooLarge(size: number): Result<never> {
  return fail(
    'too_large',
    `This change has ${size} bytes; one entry holds at most ${MAX_SEALED_BYTES}.`,
    'Split it into smaller changes.',
  );
}
