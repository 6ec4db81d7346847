// The words of anti-entropy between two replicas: have -> want -> entries, plus the handshake before them.
// The relay and a peer speak the same words; only the peer can open what the entries hold.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import {
  BLOB_FIELDS,
  BLOB_PARSERS,
  BLOB_TYPES,
  blobFields,
  isBlobMessage,
  type BlobMessage,
} from './blob-message.ts';
import { fail, failureFrom, ok, type Failure, type Result } from './failure.ts';

export const SYNC_VERSION = 1;
export const MAX_SYNC_MESSAGE_BYTES = 1024 * 1024;
export const MAX_HEADS = 10_000;
export const MAX_BATCH_ENTRIES = 256;
/** An answer to `want` stops growing past this, but always holds at least one entry. */
export const TARGET_BATCH_BYTES = 512 * 1024;
export const MAX_PRESENCE_BYTES = 4096;
export const MAX_GENESIS_BYTES = 512;

/** The newest entry known of one author. */
export interface Head {
  readonly author: Uint8Array;
  readonly seq: number;
  /** Hash of that entry. */
  readonly hash: Uint8Array;
}

/** Entries `from..to` (inclusive) of one author. */
export interface Range {
  readonly author: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export type SyncMessage =
  | {
      readonly type: 'hello';
      readonly version: number;
      readonly device: Uint8Array;
      readonly nonce: Uint8Array;
      readonly role: 'node' | 'relay';
    }
  | { readonly type: 'proof'; readonly signature: Uint8Array }
  | {
      readonly type: 'open';
      readonly space: Uint8Array;
      readonly genesis: Uint8Array;
      readonly access: Uint8Array;
    }
  | {
      readonly type: 'have';
      readonly space: Uint8Array;
      readonly heads: readonly Head[];
      readonly whole: boolean;
    }
  | { readonly type: 'want'; readonly space: Uint8Array; readonly ranges: readonly Range[] }
  | {
      readonly type: 'entries';
      readonly space: Uint8Array;
      readonly entries: readonly Uint8Array[];
    }
  | { readonly type: 'presence'; readonly space: Uint8Array; readonly sealed: Uint8Array }
  | {
      readonly type: 'fork';
      readonly space: Uint8Array;
      readonly first: Uint8Array;
      readonly second: Uint8Array;
    }
  | { readonly type: 'refuse'; readonly space: Uint8Array | null; readonly failure: Failure }
  | { readonly type: 'close'; readonly space: Uint8Array }
  | BlobMessage;

const TYPES = [
  'hello',
  'proof',
  'open',
  'have',
  'want',
  'entries',
  'presence',
  'fork',
  'refuse',
  'close',
  ...BLOB_TYPES,
] as const satisfies readonly SyncMessage['type'][];

export function encodeSyncMessage(message: SyncMessage): Uint8Array {
  return encodeCbor([TYPES.indexOf(message.type), ...fieldsOf(message)]);
}

function fieldsOf(message: SyncMessage): CborValue[] {
  if (isBlobMessage(message)) return blobFields(message);
  switch (message.type) {
    case 'hello':
      return [message.version, message.device, message.nonce, message.role];
    case 'proof':
      return [message.signature];
    case 'open':
      return [message.space, message.genesis, message.access];
    case 'have':
      return [message.space, message.heads.map((h) => [h.author, h.seq, h.hash]), message.whole];
    case 'want':
      return [message.space, message.ranges.map((r) => [r.author, r.from, r.to])];
    case 'entries':
      return [message.space, message.entries];
    case 'presence':
      return [message.space, message.sealed];
    case 'fork':
      return [message.space, message.first, message.second];
    case 'refuse':
      return [message.space, message.failure.code, message.failure.message, message.failure.remedy];
    case 'close':
      return [message.space];
  }
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodeSyncMessage(bytes: Uint8Array): Result<SyncMessage> {
  const decoded = decodeCbor(bytes, MAX_SYNC_MESSAGE_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts)) return malformed('a list');
  const [code, ...fields]: unknown[] = parts;
  const type = isCount(code) ? TYPES[code] : undefined;
  const isWhole = type !== undefined && fields.length === FIELDS[type];
  const message = isWhole ? PARSERS[type](fields) : null;
  return message === null ? malformed(type ?? 'a known type') : ok(message);
}

/** How many fields follow the code of each: one more would be dropped unseen. */
const FIELDS: Readonly<Record<SyncMessage['type'], number>> = {
  hello: 4,
  proof: 1,
  open: 3,
  have: 3,
  want: 2,
  entries: 2,
  presence: 2,
  fork: 3,
  refuse: 4,
  close: 1,
  ...BLOB_FIELDS,
};

type Parser = (fields: readonly unknown[]) => SyncMessage | null;

const PARSERS: Record<SyncMessage['type'], Parser> = {
  hello: ([version, device, nonce, role]) =>
    isCount(version) &&
    isBytes(device, 32) &&
    isBytes(nonce, 32) &&
    (role === 'node' || role === 'relay')
      ? { type: 'hello', version, device, nonce, role }
      : null,
  proof: ([signature]) => (isBytes(signature, 64) ? { type: 'proof', signature } : null),
  open: ([space, genesis, access]) =>
    isBytes(space, 32) && isShortBytes(genesis, MAX_GENESIS_BYTES) && isBytes(access, 64)
      ? { type: 'open', space, genesis, access }
      : null,
  have: ([space, heads, whole]) => {
    const parsed = parseList(heads, MAX_HEADS, parseHead);
    return isBytes(space, 32) && parsed !== null && typeof whole === 'boolean'
      ? { type: 'have', space, heads: parsed, whole }
      : null;
  },
  want: ([space, ranges]) => {
    const parsed = parseList(ranges, MAX_HEADS, parseRange);
    return isBytes(space, 32) && parsed !== null ? { type: 'want', space, ranges: parsed } : null;
  },
  entries: ([space, entries]) => {
    const parsed = parseList(entries, MAX_BATCH_ENTRIES, (e) =>
      e instanceof Uint8Array ? e : null,
    );
    return isBytes(space, 32) && parsed !== null
      ? { type: 'entries', space, entries: parsed }
      : null;
  },
  presence: ([space, sealed]) =>
    isBytes(space, 32) && isShortBytes(sealed, MAX_PRESENCE_BYTES)
      ? { type: 'presence', space, sealed }
      : null,
  fork: ([space, first, second]) =>
    isBytes(space, 32) && first instanceof Uint8Array && second instanceof Uint8Array
      ? { type: 'fork', space, first, second }
      : null,
  refuse: ([space, code, message, remedy]) => {
    const failure = failureFrom([code, message, remedy]);
    if (failure === null || (space !== null && !isBytes(space, 32))) return null;
    return { type: 'refuse', space, failure };
  },
  close: ([space]) => (isBytes(space, 32) ? { type: 'close', space } : null),
  ...BLOB_PARSERS,
};

function parseHead(value: unknown): Head | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [author, seq, hash]: unknown[] = value;
  return isBytes(author, 32) && isCount(seq) && seq > 0 && isBytes(hash, 32)
    ? { author, seq, hash }
    : null;
}

function parseRange(value: unknown): Range | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [author, from, to]: unknown[] = value;
  return isBytes(author, 32) && isCount(from) && isCount(to) && from > 0 && to >= from
    ? { author, from, to }
    : null;
}

function parseList<T>(value: unknown, max: number, parse: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > max) return null;
  const items: T[] = [];
  for (const item of value) {
    const parsed = parse(item);
    if (parsed === null) return null;
    items.push(parsed);
  }
  return items;
}

function isShortBytes(value: unknown, maxBytes: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= maxBytes;
}

function malformed(what: string): Result<never> {
  return fail(
    'malformed',
    `This is not a sync message (${what}).`,
    'Nothing was changed. Make sure that both sides run a current version of Commonplace.',
  );
}
