// A whole space in one file: a magic, then records, each a length and one canonical CBOR value. What a relay sees travels
// as it is; what opens it stands in records of its own, which a passphrase may lock.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';
import { MAX_BATCH_ENTRIES, MAX_GENESIS_BYTES, MAX_HEADS, type Head } from './sync-message.ts';

/** "CPSPACE1": the last byte is the version. */
export const EXPORT_MAGIC = Uint8Array.from([0x43, 0x50, 0x53, 0x50, 0x41, 0x43, 0x45, 0x31]);
export const MAX_RECORD_BYTES = 1024 * 1024;
export const MAX_EXPORT_BYTES = 1024 * 1024 * 1024;
/** Authors' keys in one record. */
export const MAX_KEYS_IN_PART = 4096;
const MAX_CERTIFICATE_BYTES = 512;
const MAX_NAME_CHARS = 80;
const MAX_RELAY_CHARS = 2048;
/** Fewer protect nothing; more would hold up whoever opens a file made to do so. */
const MIN_ITERATIONS = 100_000;
const MAX_ITERATIONS = 5_000_000;

/** How a passphrase becomes the key: PBKDF2-HMAC-SHA-256 (RFC 8018). */
export interface PassphraseLock {
  /** 16 bytes. */
  readonly salt: Uint8Array;
  readonly iterations: number;
}

export type ExportRecord =
  /** First. */
  | {
      readonly type: 'header';
      readonly genesis: Uint8Array;
      /** Milliseconds since 1970, by the clock of who made the file. */
      readonly exportedAt: number;
      /** By which a person vouches for the device that made the file. */
      readonly certificate: Uint8Array;
      readonly lock: PassphraseLock | null;
    }
  /** A `PrivatePart`, encoded; sealed under the lock's key where there is a nonce (12 bytes). */
  | { readonly type: 'private'; readonly nonce: Uint8Array | null; readonly content: Uint8Array }
  /** The control log first, then each author's log in order. */
  | { readonly type: 'entries'; readonly entries: readonly Uint8Array[] }
  | { readonly type: 'fork'; readonly first: Uint8Array; readonly second: Uint8Array }
  /** Last: what the file holds, and the signature of its maker over all before. */
  | { readonly type: 'end'; readonly heads: readonly Head[]; readonly signature: Uint8Array };

/** What only members know. */
export interface PrivatePart {
  readonly name: string;
  /** Base address of the relay, or null. */
  readonly relay: string | null;
  /** Which opens what an author wrote in an epoch, and nothing else: no door, no presence, no other epoch. */
  readonly keys: readonly AuthorSecret[];
}

export interface AuthorSecret {
  readonly epoch: number;
  /** 32 bytes. */
  readonly author: Uint8Array;
  /** 32 bytes: AES-256-GCM. */
  readonly key: Uint8Array;
}

/** Record types by number. 4 is kept for pieces of files that a space holds. */
const NUMBERS = { header: 0, private: 1, entries: 2, fork: 3, end: 9 } as const;

export function encodeExportRecord(record: ExportRecord): Uint8Array {
  return encodeCbor([NUMBERS[record.type], ...fieldsOf(record)]);
}

function fieldsOf(record: ExportRecord): CborValue[] {
  switch (record.type) {
    case 'header': {
      const { genesis, exportedAt, certificate, lock } = record;
      return [
        genesis,
        exportedAt,
        certificate,
        lock === null ? null : [lock.salt, lock.iterations],
      ];
    }
    case 'private':
      return [record.nonce, record.content];
    case 'entries':
      return [record.entries];
    case 'fork':
      return [record.first, record.second];
    case 'end':
      return [record.heads.map(({ author, seq, hash }) => [author, seq, hash]), record.signature];
  }
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version` (a record of a later version). */
export function decodeExportRecord(bytes: Uint8Array): Result<ExportRecord> {
  const decoded = decodeCbor(bytes, MAX_RECORD_BYTES);
  if (!decoded.ok) return decoded;
  if (!Array.isArray(decoded.value)) return malformed();
  const [number, ...fields]: unknown[] = decoded.value;
  switch (number) {
    case NUMBERS.header:
      return parseHeader(fields);
    case NUMBERS.private:
      return parsePrivate(fields);
    case NUMBERS.entries:
      return parseEntries(fields);
    case NUMBERS.fork:
      return parseFork(fields);
    case NUMBERS.end:
      return parseEnd(fields);
    default:
      return isCount(number) ? newer() : malformed();
  }
}

function parseHeader(fields: readonly unknown[]): Result<ExportRecord> {
  const [genesis, exportedAt, certificate, lockPart] = fields;
  const lock = lockPart === null ? null : parseLock(lockPart);
  if (fields.length !== 4 || lock === undefined) return malformed();
  if (!isBytesUpTo(genesis, MAX_GENESIS_BYTES) || !isCount(exportedAt)) return malformed();
  if (!isBytesUpTo(certificate, MAX_CERTIFICATE_BYTES)) return malformed();
  return ok({ type: 'header', genesis, exportedAt, certificate, lock });
}

function parseLock(part: unknown): PassphraseLock | undefined {
  const [salt, iterations]: unknown[] = Array.isArray(part) && part.length === 2 ? part : [];
  if (!isBytes(salt, 16) || !isCount(iterations, MAX_ITERATIONS)) return undefined;
  return iterations < MIN_ITERATIONS ? undefined : { salt, iterations };
}

function parsePrivate(fields: readonly unknown[]): Result<ExportRecord> {
  const [nonce, content] = fields;
  if (fields.length !== 2 || !(content instanceof Uint8Array)) return malformed();
  return nonce === null || isBytes(nonce, 12)
    ? ok({ type: 'private', nonce, content })
    : malformed();
}

function parseEntries(fields: readonly unknown[]): Result<ExportRecord> {
  const [entries] = fields;
  if (fields.length !== 1 || !isListOfBytes(entries)) return malformed();
  const fits = entries.length > 0 && entries.length <= MAX_BATCH_ENTRIES;
  return fits ? ok({ type: 'entries', entries }) : malformed();
}

function parseFork(fields: readonly unknown[]): Result<ExportRecord> {
  const [first, second] = fields;
  if (!isListOfBytes(fields) || fields.length !== 2) return malformed();
  if (!(first instanceof Uint8Array) || !(second instanceof Uint8Array)) return malformed();
  return ok({ type: 'fork', first, second });
}

function parseEnd(fields: readonly unknown[]): Result<ExportRecord> {
  const [list, signature] = fields;
  if (fields.length !== 2 || !Array.isArray(list) || list.length > MAX_HEADS) return malformed();
  const heads = (list as unknown[]).flatMap((item) => parseHead(item) ?? []);
  if (heads.length !== list.length || !isBytes(signature, 64)) return malformed();
  return ok({ type: 'end', heads, signature });
}

function parseHead(part: unknown): Head | null {
  const [author, seq, hash]: unknown[] = Array.isArray(part) && part.length === 3 ? part : [];
  if (!isBytes(author, 32) || !isCount(seq) || seq === 0 || !isBytes(hash, 32)) return null;
  return { author, seq, hash };
}

export function encodePrivatePart({ name, relay, keys }: PrivatePart): Uint8Array {
  return encodeCbor([name, relay, keys.map(({ epoch, author, key }) => [epoch, author, key])]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodePrivatePart(bytes: Uint8Array): Result<PrivatePart> {
  const decoded = decodeCbor(bytes, MAX_RECORD_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 3) return malformed();
  const [name, relay, list]: unknown[] = parts;
  if (typeof name !== 'string' || name.length > MAX_NAME_CHARS) return malformed();
  const isRelay = typeof relay === 'string' && relay.length <= MAX_RELAY_CHARS;
  if (!isRelay && relay !== null) return malformed();
  if (!Array.isArray(list) || list.length > MAX_KEYS_IN_PART) return malformed();
  const keys = (list as unknown[]).flatMap((item) => parseSecret(item) ?? []);
  return keys.length === list.length ? ok({ name, relay, keys }) : malformed();
}

function parseSecret(part: unknown): AuthorSecret | null {
  const [epoch, author, key]: unknown[] = Array.isArray(part) && part.length === 3 ? part : [];
  if (!isCount(epoch) || !isBytes(author, 32) || !isBytes(key, 32)) return null;
  return { epoch, author, key };
}

function isBytesUpTo(value: unknown, max: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length > 0 && value.length <= max;
}

function isListOfBytes(value: unknown): value is Uint8Array[] {
  return Array.isArray(value) && value.every((item) => item instanceof Uint8Array);
}

function newer(): Result<never> {
  return fail(
    'unsupported_version',
    'This file holds something that this version of Commonplace does not know.',
    'Update Commonplace, then open it again.',
  );
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This file is damaged, or is not an export of Commonplace.',
    'Nothing was changed. Choose another file, or ask for it to be exported again.',
  );
}
