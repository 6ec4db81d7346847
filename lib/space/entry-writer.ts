// Writes this device's own entries: places, seals and signs each one and stores it before anyone hears of it.
import type { ControlLog } from '../group/control-log.ts';
import { roleOf, type ControlState } from '../group/control-state.ts';
import { mayWrite } from '../group/permissions.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import { randomBytes } from '../identity/hash.ts';
import type { Signer } from '../identity/signer.ts';
import { actorOfSegment, digestOfHeads } from '../log/chain.ts';
import { createMutex } from '../log/mutex.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry, sealEntry, type Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import { fail, type Result } from '../wire/failure.ts';

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
  readonly control: ControlLog | null;
  readonly signer: Signer;
  readonly replica: Replica;
}

export function createEntryWriter(options: EntryWriterOptions): EntryWriter {
  const { space, keys, signer, replica, control } = options;
  const spaceId = toHex(space);
  const inTurn = createMutex();
  let segment: Promise<Uint8Array> | undefined;
  const openSegment = (): Promise<Uint8Array> => (segment ??= currentSegment(options));

  const writeOnce = async (body: EntryBody): Promise<Result<Entry>> => {
    const heads = await replica.heads(spaceId);
    const own = heads.get(toHex(signer.publicKey));
    const group = control?.tip() ?? null;
    const refusal = group === null ? null : refusalOf(group, signer.publicKey, body);
    if (refusal !== null) return refusal;
    const epoch = keys.current();
    const key = await keys.authorKey(epoch, signer.publicKey);
    if (!key.ok) return key;
    const place = {
      space,
      segment: await openSegment(),
      seq: (own?.seq ?? 0) + 1,
      prev: own?.hash ?? null,
      control: group?.head ?? space,
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

/** What others would not apply is not written either. */
function refusalOf(group: ControlState, device: Uint8Array, body: EntryBody) {
  if (roleOf(group, device) === null) return NOT_A_MEMBER;
  return mayWrite(group, device, body) ? null : MAY_NOT;
}

const MAY_NOT = fail(
  'permission_denied',
  'Your role in this space does not allow this.',
  'Ask a steward of the space for another role.',
);

const NOT_A_MEMBER = fail(
  'permission_denied',
  'You are no longer in this space, so nothing can be added to it.',
  'What you have of it stays readable here. Ask a steward of the space to invite you again.',
);

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
