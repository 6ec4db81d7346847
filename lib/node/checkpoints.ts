// Checkpoints of the spaces of this node: a steward's node makes one now and then, and a node that lacks much of a space
// opens it from the newest one, then makes its entries again one by one and checks the signature of each.
import type { Blobs } from '../blob/blobs.ts';
import { openCheckpointKey, sealCheckpointKey } from '../group/checkpoint-key.ts';
import { currentEpoch, quorumOf, type Checkpoint } from '../group/control-state.ts';
import type { Replica } from '../log/replica.ts';
import { makeCheckpoint } from '../space/checkpoint/make-checkpoint.ts';
import { readCheckpoint } from '../space/checkpoint/read-checkpoint.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { BlobRef } from '../wire/blob.ts';
import { toHex } from '../wire/bytes.ts';
import type { CheckpointCarrier } from '../wire/control-act.ts';
import { fail, type Failure, type Result } from '../wire/failure.ts';
import type { BlobCarrier } from './blob-carrier.ts';
import type { NamedBlobs } from './blob-upkeep.ts';
import { checkAll, type Checking, type CheckOptions } from './checkpoint-check.ts';
import type { Decision } from './council-parts.ts';
import type { HeldSpace, SpacesEvents } from './held-space.ts';
import type { Spaces } from './spaces.ts';
import type { Stewardship } from './stewardship.ts';

export interface CheckpointsOptions {
  readonly records: RecordStore;
  readonly replica: Replica;
  readonly blobs: Blobs;
  readonly carrier: Pick<BlobCarrier, 'send'>;
  readonly stewardship: Pick<Stewardship, 'propose' | 'isSteward'>;
  readonly changed: () => void;
  /** Entries that must be lacking for a checkpoint to be worth it, and new ones that are worth a new checkpoint. */
  readonly worthIt?: number;
}

interface Work {
  checking: Checking | null;
  readonly stop: AbortController;
}

const WORTH_IT = 2_000;
/** So much larger than at the last checkpoint is a space when it gets another. */
const GROWTH = 1.5;
const FETCH_MS = 120_000;
const POISONED = 'poisoned-checkpoints';
export const CHECKPOINT_TYPE = 'application/vnd.commonplace.checkpoint';

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #work = new Map<string, Work>();
  readonly #problems = new Map<string, Failure>();
  readonly #making = new Set<string>();

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  checking(space: string): Checking | null {
    return this.#work.get(space)?.checking ?? null;
  }

  /** Why the newest checkpoint of a space was dropped, if it was. */
  problem(space: string): Failure | null {
    return this.#problems.get(space) ?? null;
  }

  closed({ record }: HeldSpace): void {
    this.#work.get(record.id)?.stop.abort();
  }

  /**
   * Looks whether the space is to be opened from its checkpoint, and does it; settles when the signatures are checked. To
   * be called before anyone is asked for entries.
   */
  async consider(held: HeldSpace): Promise<void> {
    const { id } = held.record;
    const checkpoint = held.group?.log.tip().checkpoint ?? null;
    if (checkpoint === null || this.#work.has(id)) return;
    const { replica } = this.#options;
    const work: Work = { checking: null, stop: new AbortController() };
    this.#work.set(id, work);
    replica.expect(id, upTo(checkpoint));
    try {
      if (await this.#isWorthIt(id, checkpoint)) await this.#open(held, checkpoint, work);
    } finally {
      this.#work.delete(id);
      replica.expect(id, new Map());
      this.#options.changed();
    }
  }

  /** Makes a checkpoint where the space has grown enough since the last one and this node may propose it. */
  async keepUp(held: HeldSpace): Promise<void> {
    const { id } = held.record;
    const { stewardship, replica } = this.#options;
    if (!stewardship.isSteward(held) || this.#making.has(id) || this.#work.has(id)) return;
    const state = held.group?.log.tip();
    // Several stewards would have to look whether it is true, which nothing does for them yet.
    if (state === undefined || quorumOf(state) > 1) return;
    const last = state.checkpoint;
    const before = last?.heads.reduce((sum, { seq }) => sum + seq, 0) ?? 0;
    const heads = await replica.heads(id);
    const now = [...heads].reduce((sum, [author, { seq }]) => sum + (author === id ? 0 : seq), 0);
    if (now < Math.max(before * GROWTH, before + this.#worthIt())) return;
    this.#making.add(id);
    await this.make(held).finally(() => this.#making.delete(id));
  }

  /** Failures: `not_found` (no group), as of making and storing it, and of the stewards' decision. */
  async make(held: HeldSpace): Promise<Result<Decision>> {
    const { group, space, record } = held;
    const { replica, blobs, stewardship } = this.#options;
    if (group === null) return NO_GROUP;
    const state = group.log.tip();
    const known = (author: string) => state.devices.has(author) || state.gone.has(author);
    const heads = [...(await replica.heads(record.id))].filter(([author, { seq }]) => {
      const gone = state.gone.get(author);
      return known(author) && (gone === undefined || seq <= gone.seq);
    });
    const source = { space: space.bytes, replica, keys: group.keys };
    const made = await makeCheckpoint(
      source,
      heads.map(([, head]) => head),
    );
    if (!made.ok) return made;
    const { number: epoch } = currentEpoch(state);
    const secret = group.keys.secrets().get(epoch);
    if (secret === undefined) return NO_KEY;
    const blob = await blobs.put(record.id, made.value.bytes, { mediaType: CHECKPOINT_TYPE });
    if (!blob.ok) return blob;
    const { hash: snapshot } = made.value;
    const place = { space: space.bytes, epoch, snapshot };
    const key = await sealCheckpointKey(place, secret, blob.value.key);
    const carrier: CheckpointCarrier = { blob: blob.value.id, size: blob.value.size, epoch, key };
    const points = made.value.heads.map(({ author, seq, hash }) => ({ device: author, seq, hash }));
    const decided = await stewardship.propose(held, [
      { kind: 'checkpoint', snapshot, heads: points, carrier },
    ]);
    if (decided.ok) void this.#options.carrier.send(record.id);
    return decided;
  }

  async #isWorthIt(id: string, checkpoint: Checkpoint): Promise<boolean> {
    const { replica, records } = this.#options;
    const heads = await replica.heads(id);
    const lacking = checkpoint.heads.reduce((sum, { device, seq }) => {
      return sum + Math.max(0, seq - (heads.get(toHex(device))?.seq ?? 0));
    }, 0);
    if (lacking < this.#worthIt()) return false;
    return (await records.get(POISONED, toHex(checkpoint.snapshot))) === undefined;
  }

  async #open(held: HeldSpace, checkpoint: Checkpoint, work: Work): Promise<void> {
    const { id } = held.record;
    const { blobs, records } = this.#options;
    const ref = await refOf(held, checkpoint);
    if (ref === null) return;
    const { signal } = work.stop;
    const bytes = await blobs.get(id, ref, { signal, waitMs: FETCH_MS });
    if (!bytes.ok) return;
    const certified = { space: held.space.bytes, ...checkpoint };
    const read = readCheckpoint(certified, bytes.value);
    const adopted = read.ok ? await held.space.adopt(read.value) : read;
    const failure = !adopted.ok
      ? adopted.failure
      : read.ok
        ? await checkAll(held, read.value, this.#checkingFor(work))
        : null;
    if (failure === null || signal.aborted || !isPoison(failure)) return;
    this.#problems.set(id, failure);
    await records.put(POISONED, toHex(checkpoint.snapshot), failure.message);
    await held.space.reread();
  }

  #checkingFor(work: Work): CheckOptions {
    const { replica, changed } = this.#options;
    const onProgress = (checking: Checking): void => {
      work.checking = checking;
      changed();
    };
    return { replica, signal: work.stop.signal, onProgress };
  }

  #worthIt(): number {
    return this.#options.worthIt ?? WORTH_IT;
  }
}

/** The blob of each space's newest checkpoint, which is not to be dropped. */
export function checkpointBlobs(spaces: Spaces): NamedBlobs {
  return async (id) => {
    const held = spaces.find(id);
    const checkpoint = held.ok ? held.value.group?.log.tip().checkpoint : null;
    return checkpoint ? [toHex(checkpoint.carrier.blob)] : [];
  };
}

/** Lets checkpoints be made and used as spaces come, grow and hear of their group. */
export function checkpointing({
  checkpoints,
  replica,
  spaces,
}: {
  readonly checkpoints: Checkpoints;
  readonly replica: Replica;
  readonly spaces: Spaces;
}): SpacesEvents {
  replica.subscribe((id, stored) => {
    const held = stored.some(({ header }) => toHex(header.author) === id) ? spaces.find(id) : null;
    if (held?.ok === true) void checkpoints.consider(held.value);
  });
  return {
    onAdded: (held) => void checkpoints.consider(held),
    onRemoved: (held) => checkpoints.closed(held),
    onEntries: (held) => void checkpoints.keepUp(held),
  };
}

async function refOf(held: HeldSpace, checkpoint: Checkpoint): Promise<BlobRef | null> {
  const { carrier, snapshot } = checkpoint;
  const secret = held.group?.keys.secrets().get(carrier.epoch);
  if (secret === undefined) return null;
  const place = { space: held.space.bytes, epoch: carrier.epoch, snapshot };
  const key = await openCheckpointKey(place, secret, carrier.key);
  if (key === null) return null;
  return { kind: 'blob', id: carrier.blob, key, size: carrier.size, mediaType: CHECKPOINT_TYPE };
}

function upTo({ heads }: Checkpoint): ReadonlyMap<string, number> {
  return new Map(heads.map(({ device, seq }) => [toHex(device), seq]));
}

/** A full disk or a key that is not here says nothing against a checkpoint. */
function isPoison({ code }: Failure): boolean {
  return ['bad_signature', 'malformed', 'not_canonical', 'too_large'].includes(code);
}

const NO_GROUP = fail('not_found', 'This space has no stewards.', 'Choose a shared space.');

const NO_KEY = fail(
  'permission_denied',
  'This browser does not hold the key of the space.',
  'Let another steward do this.',
);
