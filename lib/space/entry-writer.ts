// Writes this device's own entries: places, seals and signs each one and stores it before anyone hears of it.
import type { EpochKeys } from '../group/epoch-keys.ts';
import { randomBytes } from '../identity/hash.ts';
import type { Signer } from '../identity/signer.ts';
import { actorOfSegment, digestOfHeads } from '../log/chain.ts';
import { createMutex } from '../log/mutex.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry, sealEntry, type Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import type { Result } from '../wire/failure.ts';

export interface EntryWriter {
  /** Settles once the entry is durable. Failures: `too_large`, `forked`, `storage_full`, `conflict`. */
  write(body: EntryBody): Promise<Result<Entry>>;
  /** The Automerge actor of the segment that is written to, hex. */
  actor(): Promise<string>;
}

export interface EntryWriterOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  readonly signer: Signer;
  readonly replica: Replica;
}

export function createEntryWriter(options: EntryWriterOptions): EntryWriter {
  const { space, keys, signer, replica } = options;
  const spaceId = toHex(space);
  const inTurn = createMutex();
  let segment: Promise<Uint8Array> | undefined;
  const openSegment = (): Promise<Uint8Array> => (segment ??= currentSegment(options));

  const writeOnce = async (body: EntryBody): Promise<Result<Entry>> => {
    const heads = await replica.heads(spaceId);
    const own = heads.get(toHex(signer.publicKey));
    const epoch = keys.current();
    const key = await keys.authorKey(epoch, signer.publicKey);
    if (!key.ok) return key;
    const place = {
      space,
      segment: await openSegment(),
      seq: (own?.seq ?? 0) + 1,
      prev: own?.hash ?? null,
      control: space,
      seen: digestOfHeads(heads.values(), signer.publicKey),
      epoch,
    };
    const entry = await sealEntry(body, place, key.value, signer);
    if (!entry.ok) return entry;
    const stored = await replica.append(spaceId, entry.value);
    return stored.ok ? entry : stored;
  };

  return {
    write: (body) =>
      inTurn(async () => {
        const first = await writeOnce(body);
        // Heads may have been stale after another context wrote: they were read anew, so once more is enough.
        return !first.ok && first.failure.code === 'conflict' ? writeOnce(body) : first;
      }),
    actor: async () =>
      toHex(actorOfSegment({ space, author: signer.publicKey, segment: await openSegment() })),
  };
}

/** The segment of this device's newest entry, or a new one for its first. */
async function currentSegment(options: EntryWriterOptions): Promise<Uint8Array> {
  const spaceId = toHex(options.space);
  const author = toHex(options.signer.publicKey);
  const head = (await options.replica.heads(spaceId)).get(author);
  if (head === undefined) return randomBytes(16);
  const limits = { maxEntries: 1, maxBytes: 1 };
  const [newest] = await options.replica.read(spaceId, author, head.seq, limits);
  const entry = newest === undefined ? null : readStoredEntry(newest.bytes);
  return entry?.ok === true ? entry.value.header.segment : randomBytes(16);
}
