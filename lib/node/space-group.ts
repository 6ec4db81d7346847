// The group of one shared space on this device: its control log, and the keys that the log brings.
import type { ControlLog, TakenControl } from '../group/control-log.ts';
import { createControlState } from '../group/control-state.ts';
import type { GroupKeys } from '../group/group-keys.ts';
import { wrapEpochKeys } from '../group/wrap-epoch-keys.ts';
import type { SpaceControl } from '../space/space-options.ts';
import { equalBytes } from '../wire/bytes.ts';
import type { HeldSpace } from './held-space.ts';
import type { Profile } from './profile.ts';
import type { EpochSecret, SpaceRecord } from './space-record.ts';

export interface SpaceGroup extends SpaceControl {
  readonly keys: GroupKeys;
  /** Takes secrets that came another way, each as soon as the log speaks of its epoch. */
  handOn(passes: readonly EpochSecret[]): Promise<void>;
}

/** Null when the record's genesis is none. */
export async function openGroup(
  record: SpaceRecord,
  log: ControlLog,
  { signer, wrapKey }: Profile,
): Promise<SpaceGroup | null> {
  const genesis = createControlState(record.genesis);
  if (!genesis.ok) return null;
  const secrets = new Map(record.secret === null ? [] : [[0, record.secret]]);
  const { value: state } = genesis;
  const keys = wrapEpochKeys({ state, device: signer.publicKey, wrapKey, secrets });
  let followed = state.head;
  let { passes } = record;
  const follow = async (): Promise<void> => {
    for (const next of between(log, followed)) {
      await keys.follow(next);
      followed = next.state.head;
    }
    for (const { epoch, secret } of passes) {
      if (!keys.secrets().has(epoch)) await keys.learn(epoch, secret);
    }
  };
  await follow();
  const handOn = (more: readonly EpochSecret[]): Promise<void> => {
    passes = more;
    return follow();
  };
  return { log, keys, follow, handOn };
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
