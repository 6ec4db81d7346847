// Writes a space into one file: the logs as they travel, sealed, and apart from them the keys that open just these. No
// epoch's secret goes along, so the file opens no door to what is written later.
import { rawAuthorKey } from '../../group/epoch-keys.ts';
import { hashOf } from '../../identity/hash.ts';
import {
  keyOfPassphrase,
  newPassphraseLock,
  type PassphraseKey,
} from '../../identity/passphrase.ts';
import type { Signer } from '../../identity/signer.ts';
import type { Replica } from '../../log/replica.ts';
import type { StoredEntry } from '../../store/entry-store.ts';
import { concatBytes, toHex } from '../../wire/bytes.ts';
import { encodeCbor } from '../../wire/cbor.ts';
import { decodeEntry } from '../../wire/entry.ts';
import { recordLength } from '../../wire/export-reader.ts';
import {
  encodeExportRecord,
  encodePrivatePart,
  EXPORT_MAGIC,
  MAX_KEYS_IN_PART,
  type AuthorSecret,
  type ExportRecord,
} from '../../wire/space-export.ts';
import { MAX_BATCH_ENTRIES, TARGET_BATCH_BYTES, type Head } from '../../wire/sync-message.ts';
import type { HeldSpace } from '../held-space.ts';

export interface ExportOptions {
  readonly held: HeldSpace;
  readonly replica: Pick<Replica, 'heads' | 'read' | 'forks'>;
  readonly signer: Signer;
  readonly certificate: Uint8Array;
  /** Null leaves the keys readable for whoever has the file. */
  readonly passphrase: string | null;
  readonly now: number;
}

const BATCH = { maxEntries: MAX_BATCH_ENTRIES, maxBytes: TARGET_BATCH_BYTES };

/** The file in pieces, each a record at most; what is written meanwhile stays out. */
export async function* exportSpace(
  options: ExportOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { held, replica, passphrase } = options;
  const heads = [...(await replica.heads(held.record.id)).values()];
  const lock = passphrase === null ? null : newPassphraseLock();
  const key = passphrase === null || lock === null ? null : await keyOfPassphrase(passphrase, lock);
  let digest: Uint8Array = digestAtFirst();
  const write = (record: ExportRecord) => {
    const bytes = encodeExportRecord(record);
    digest = digestAfter(digest, bytes);
    return concatBytes(recordLength(bytes), bytes);
  };
  yield new Uint8Array(EXPORT_MAGIC);
  const { certificate, now: exportedAt } = options;
  yield write({ type: 'header', genesis: held.record.genesis, exportedAt, certificate, lock });
  for (const content of privateParts(held, await keysOf(options, heads))) {
    yield write(await lockedBy(key, content, digest));
  }
  for await (const batch of logs(options, heads)) {
    yield write({ type: 'entries', entries: batch.map(({ bytes }) => bytes) });
  }
  for (const { first, second } of await replica.forks(held.record.id)) {
    yield write({ type: 'fork', first, second });
  }
  const signature = await options.signer.sign(endMessage(digest, heads));
  yield write({ type: 'end', heads, signature });
}

export function digestAtFirst(): Uint8Array {
  return hashOf('export', EXPORT_MAGIC);
}

/** Each record is bound to all before it. */
export function digestAfter(digest: Uint8Array, record: Uint8Array): Uint8Array {
  return hashOf('export', digest, record);
}

/** What the device that makes a file signs. */
export function endMessage(digest: Uint8Array, heads: readonly Head[]): Uint8Array {
  const listed = encodeCbor(heads.map(({ author, seq, hash }) => [author, seq, hash]));
  return hashOf('export-end', digest, listed);
}

async function lockedBy(
  key: PassphraseKey | null,
  content: Uint8Array,
  digest: Uint8Array,
): Promise<ExportRecord> {
  if (key === null) return { type: 'private', nonce: null, content };
  return { type: 'private', ...(await key.seal(content, digest)) };
}

function* privateParts(
  { record }: HeldSpace,
  keys: readonly AuthorSecret[],
): Generator<Uint8Array> {
  const { name, relay } = record;
  for (let from = 0; from === 0 || from < keys.length; from += MAX_KEYS_IN_PART) {
    yield encodePrivatePart({ name, relay, keys: keys.slice(from, from + MAX_KEYS_IN_PART) });
  }
}

/** For every author and epoch that occurs in the logs and that this browser can open. */
async function keysOf(options: ExportOptions, heads: readonly Head[]): Promise<AuthorSecret[]> {
  const { held } = options;
  const { archive } = held.record;
  if (archive !== undefined) return [...archive.keys];
  const secrets = held.group?.keys.secrets() ?? new Map<number, Uint8Array>();
  const found = new Map<string, AuthorSecret>();
  for await (const batch of logs(options, heads)) {
    for (const { bytes } of batch) {
      const entry = decodeEntry(bytes);
      if (!entry.ok) continue;
      const { epoch, author } = entry.value.header;
      const secret = secrets.get(epoch);
      const name = `${epoch} ${toHex(author)}`;
      if (secret === undefined || found.has(name)) continue;
      found.set(name, { epoch, author, key: rawAuthorKey(secret, epoch, author) });
    }
  }
  return [...found.values()];
}

/** The control log, then one author's log after another, up to these heads. */
async function* logs(
  { held, replica }: ExportOptions,
  heads: readonly Head[],
): AsyncGenerator<readonly StoredEntry[]> {
  const { id } = held.record;
  const isControl = ({ author }: Head) => toHex(author) === id;
  const ordered = [...heads.filter(isControl), ...heads.filter((head) => !isControl(head))];
  for (const { author, seq: last } of ordered) {
    for (let seq = 1; seq <= last;) {
      const maxEntries = Math.min(BATCH.maxEntries, last - seq + 1);
      const batch = await replica.read(id, toHex(author), seq, { ...BATCH, maxEntries });
      if (batch.length === 0) break;
      yield batch;
      seq += batch.length;
    }
  }
}
