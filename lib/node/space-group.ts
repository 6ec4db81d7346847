// The group of one shared space on this device: its control log, and the keys that the log brings.
import type { ReadControl } from '../group/control-entry.ts';
import type { ControlLog, TakenControl } from '../group/control-log.ts';
import { createControlState, type ControlState } from '../group/control-state.ts';
import type { GroupKeys, MlsMember } from '../group/group-keys.ts';
import { mlsEpochKeys } from '../group/mls-epoch-keys.ts';
import { mlsDevice } from '../group/mls-key-package.ts';
import { wrapEpochKeys } from '../group/wrap-epoch-keys.ts';
import { createMutex } from '../log/mutex.ts';
import type { SpaceControl } from '../space/space-options.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { ComplaintReason } from '../wire/complaint.ts';
import { equalBytes } from '../wire/bytes.ts';
import type { HeldSpace } from './held-space.ts';
import { createMlsMemory } from './mls-places.ts';
import type { Profile } from './profile.ts';
import type { EpochSecret, SpaceRecord } from './space-record.ts';

/** An entry whose key is no good here, and why. */
export interface Grievance {
  readonly control: ReadControl;
  readonly reason: ComplaintReason;
}

export interface SpaceGroup extends SpaceControl {
  readonly keys: GroupKeys;
  /** Takes secrets that came another way, each as soon as the log speaks of its epoch. */
  handOn(passes: readonly EpochSecret[]): Promise<void>;
  /** What was wrong with keys that this device was given, oldest first. */
  grievances(): readonly Grievance[];
}

export interface OpenGroupOptions {
  readonly record: SpaceRecord;
  readonly log: ControlLog;
  readonly profile: Profile;
  readonly records: RecordStore;
}

/** Null when the record's genesis is none. */
export async function openGroup(options: OpenGroupOptions): Promise<SpaceGroup | null> {
  const { record, log } = options;
  const genesis = createControlState(record.genesis);
  if (!genesis.ok) return null;
  const { value: state } = genesis;
  const keys = await openKeys(options, state);
  const grievances: Grievance[] = [];
  let followed = state.head;
  let { passes } = record;
  // One at a time: whoever asks while a key is being opened has to wait for it too.
  const inTurn = createMutex();
  const catchUp = async (): Promise<void> => {
    for (const next of between(log, followed)) {
      const reason = await keys.follow(next);
      if (reason !== null) grievances.push({ control: next.control, reason });
      followed = next.state.head;
    }
    for (const { epoch, secret } of passes) {
      if (!keys.secrets().has(epoch)) await keys.learn(epoch, secret);
    }
  };
  const follow = () => inTurn(catchUp);
  await follow();
  const handOn = (more: readonly EpochSecret[]): Promise<void> => {
    passes = more;
    return follow();
  };
  const mls = keys.mls && upToDate(keys.mls, follow);
  return { log, keys: { ...keys, mls }, follow, handOn, grievances: () => grievances };
}

/** Commits go on top of what is decided, so that is followed first. */
function upToDate(mls: MlsMember, follow: () => Promise<void>): MlsMember {
  return {
    draft: async (change) => {
      await follow();
      return mls.draft(change);
    },
    accepts: async (entry, next) => {
      await follow();
      return mls.accepts(entry, next);
    },
  };
}

/** As the genesis chose for good. */
async function openKeys(
  { record, profile, records }: OpenGroupOptions,
  state: ControlState,
): Promise<GroupKeys> {
  const { signer, wrapKey, keyPackage } = profile;
  const secrets = new Map(record.secret === null ? [] : [[0, record.secret]]);
  const device = signer.publicKey;
  if (state.keys === 'wrap') return wrapEpochKeys({ state, device, wrapKey, secrets });
  const own = await mlsDevice(signer, keyPackage);
  const memory = createMlsMemory(records, { space: record.id, device });
  return mlsEpochKeys({ state, own, memory, secrets });
}

/** What another device of the person needs to read a space: the newest secret, and those before where it does not lead there. */
export function secretsToPass({ group }: Pick<HeldSpace, 'group'>): readonly EpochSecret[] {
  if (group === null) return [];
  const secrets = [...group.keys.secrets()]
    .map(([epoch, secret]) => ({ epoch, secret }))
    .toSorted((a, b) => a.epoch - b.epoch);
  return group.log.tip().policy.history === 'full' ? secrets.slice(-1) : secrets;
}

/** What the log holds above a head, up to its tip, lowest first. */
export function between(
  log: ControlLog,
  head: Uint8Array,
): Pick<TakenControl, 'control' | 'state'>[] {
  const path: Pick<TakenControl, 'control' | 'state'>[] = [];
  let at = log.tip().head;
  while (!equalBytes(at, head)) {
    const control = log.controlAt(at);
    const state = log.stateAt(at);
    if (control === null || state === null) return [];
    path.unshift({ control, state });
    at = control.entry.prev;
  }
  return path;
}
