// The epoch keys of one device in a space with MLS keys: it follows the Commits and Welcomes that control entries carry,
// and takes one exported secret from each epoch. The control log is in one order, so there is one Commit for each epoch;
// a draft that another one overtook is forgotten.
import { createMutex } from '../log/mutex.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { ComplaintReason } from '../wire/complaint.ts';
import type { MlsEpoch } from '../wire/control-epoch.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { TakenControl } from './control-log.ts';
import { currentEpoch, type ControlState } from './control-state.ts';
import { commitmentTo, isSecretOf } from './epoch-secrets.ts';
import type { GroupKeys, MlsChange, MlsMember, MlsStep } from './group-keys.ts';
import { holdSecrets } from './held-secrets.ts';
import {
  beginGroup,
  commitTo,
  decodeGroup,
  encodeGroup,
  exportSecret,
  isWelcomed,
  joinBy,
  takeCommit,
  type MlsGroup,
} from './mls-group.ts';
import type { MlsDevice } from './mls-key-package.ts';
import { emptyMlsRecord, type MlsMemory, type MlsRecord } from './mls-memory.ts';

export interface MlsEpochKeysOptions {
  /** Height 0: the log is followed from its beginning, what is remembered is passed over. */
  readonly state: ControlState;
  readonly own: MlsDevice;
  readonly memory: MlsMemory;
  /** Of epochs that came another way, such as the first of one's own space; trusted. */
  readonly secrets: ReadonlyMap<number, Uint8Array>;
}

/** Drafts that were put to a vote and may still be decided; a steward makes few before one of them is. */
const MAX_PENDING = 32;

interface Reached {
  readonly group: MlsGroup;
  readonly secret: Uint8Array;
}

export async function mlsEpochKeys(options: MlsEpochKeysOptions): Promise<GroupKeys> {
  const { own, memory } = options;
  let { state } = options;
  let record = (await memory.load()) ?? emptyMlsRecord(state.head);
  const held = holdSecrets(() => state, new Map([...options.secrets, ...record.secrets]));
  const inTurn = createMutex();

  const stay = async (height: number, head: Uint8Array, group: MlsGroup | null): Promise<void> => {
    const encoded = group === null ? null : encodeGroup(group);
    record = { height, head, group: encoded, pending: [], secrets: held.secrets() };
    // What cannot be stored now is reached again from the log after a restart, by way of what was stored before.
    await memory.save(record);
  };
  const goOn = async ({ control, state: next }: Following, part: MlsEpoch) => {
    const { entry, hash } = control;
    if (!next.devices.has(toHex(own.key))) {
      await stay(entry.height, hash, null);
      return null;
    }
    const reached = await reach(own, record, part, next, entry.proposer);
    const isPromised = reached !== null && (await isSecretOf(part, next.space, reached.secret));
    if (isPromised) held.hold(part.number, reached.secret);
    const broken = await held.followChain(part.number);
    await stay(entry.height, hash, reached?.group ?? null);
    if (reached === null) return 'does_not_open';
    if (!isPromised) return 'wrong_secret';
    return broken === part.number ? 'wrong_previous' : null;
  };
  const follow = async (next: Following): Promise<ComplaintReason | null> => {
    const { entry, hash } = next.control;
    if (!equalBytes(entry.prev, state.head)) return null;
    state = next.state;
    if (entry.epoch?.scheme !== 'mls') return null;
    held.link(entry.epoch.number, entry.epoch.previous);
    if (entry.height > record.height) return goOn(next, entry.epoch);
    // Another branch than the one that was followed before the restart: this group leads nowhere on it.
    if (entry.height === record.height && !equalBytes(hash, record.head)) {
      record = { ...record, group: null, pending: [] };
    }
    await held.followChain(entry.epoch.number);
    return null;
  };
  const draft = async (change: MlsChange): Promise<Result<MlsStep>> => {
    if (!equalBytes(change.before.head, state.head)) return notThereYet();
    if (!change.devices.some(({ key }) => equalBytes(key, own.key))) return notOneself();
    const made = await draftStep(own, record, change);
    if (made === null) return badKeyPackage();
    const secret = await exportSecret(own, made.group);
    const commitment = commitmentTo(change.before.space, secret);
    const pending = [...record.pending, { commitment, group: encodeGroup(made.group) }];
    const next = { ...record, pending: pending.slice(-MAX_PENDING) };
    const saved = await memory.save(next);
    if (!saved.ok) return saved;
    record = next;
    return ok({ commit: made.commit, welcome: made.welcome, secret });
  };
  const mls: MlsMember = {
    draft: (change) => inTurn(() => draft(change)),
    accepts: (entry, next) =>
      inTurn(async () => {
        if (entry.epoch?.scheme !== 'mls' || !equalBytes(entry.prev, state.head)) return false;
        if (!next.devices.has(toHex(own.key))) return true;
        const reached = await reach(own, record, entry.epoch, next, entry.proposer);
        return reached !== null && isSecretOf(entry.epoch, next.space, reached.secret);
      }),
  };
  return {
    ...held,
    mls,
    current: () => currentEpoch(state).number,
    follow: (next) => inTurn(() => follow(next)),
  };
}

type Following = Pick<TakenControl, 'control' | 'state'>;

/** Where an entry leads this device: on with its own draft, in by a Welcome, or on with another's Commit. */
async function reach(
  own: MlsDevice,
  { group, pending }: MlsRecord,
  part: MlsEpoch,
  next: ControlState,
  proposer: Uint8Array,
): Promise<Reached | null> {
  const { commit, welcome, commitment } = part;
  const expected = { space: next.space, proposer, members: new Set(next.devices.keys()) };
  const drafted = pending.find((each) => equalBytes(each.commitment, commitment));
  const current = group === null ? null : decodeGroup(group);
  const step = async (): Promise<MlsGroup | null> => {
    if (drafted !== undefined) return decodeGroup(drafted.group);
    if (welcome !== null && (await isWelcomed(own, welcome))) return joinBy(own, welcome, expected);
    return commit === null || current === null ? null : takeCommit(own, current, commit, expected);
  };
  const reached = await step();
  return reached && { group: reached, secret: await exportSecret(own, reached) };
}

/** Without a group of its own, at the beginning or after it lost its way, a device begins one for all. */
function draftStep(own: MlsDevice, { group }: MlsRecord, { before, devices, again }: MlsChange) {
  const current = group === null ? null : decodeGroup(group);
  return current === null
    ? beginGroup(own, before.space, devices)
    : commitTo(own, current, devices, again);
}

function notThereYet(): Result<never> {
  return fail(
    'conflict',
    'The group has changed meanwhile, and this browser has not taken that up yet.',
    'Try again in a moment.',
  );
}

function notOneself(): Result<never> {
  return fail(
    'permission_denied',
    'In this space a browser cannot draw up the change by which it goes itself.',
    'Let another steward of the space do it.',
  );
}

function badKeyPackage(): Result<never> {
  return fail(
    'malformed',
    'A device gave nothing by which it could be let into the group of the space.',
    'Let this device ask to join again.',
  );
}
