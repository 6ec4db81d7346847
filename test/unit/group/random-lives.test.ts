// Random lives of groups: whatever happens in whatever order, what must always hold holds.
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  infiniteStream,
  nat,
  record,
  type Arbitrary,
} from 'fast-check';
import { expect, test } from 'vitest';
import { createControlLog } from '../../../lib/group/control-log.ts';
import {
  currentEpoch,
  devicesOf,
  stewardsOf,
  type ControlState,
} from '../../../lib/group/control-state.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { ROLES, type Act } from '../../../lib/wire/control-act.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { followedKeys, keysFor, startGroup, type TestGroup } from '../../support/group.ts';
import {
  admit,
  createDevice,
  nothingOf,
  upTo,
  type GroupDevice,
} from '../../support/group-people.ts';

const RUNS = 12;
const MAX_STEPS = 12;

/** What happens, in numbers: the kind of change, who it is about, and something to vary it. */
const step = record({
  kind: constantFrom('add', 'device', 'remove', 'revoke', 'role', 'policy', 'renew', 'cut'),
  who: nat({ max: 20 }),
  how: nat({ max: 20 }),
});
type Step = typeof step extends Arbitrary<infer T> ? T : never;

interface Life {
  readonly group: TestGroup;
  /** Everyone who was ever asked in, by name of device. */
  readonly cast: Map<string, GroupDevice>;
  /** Steps that were allowed. */
  taken: number;
}

/** The step as acts that may or may not be allowed as things stand. */
async function actsOf({ group, cast }: Life, { kind, who, how }: Step): Promise<Act[]> {
  const all = [...cast.values()];
  const device = all[who % all.length] ?? group.founder;
  const person = device.person.signer.publicKey;
  const role = ROLES[how % ROLES.length] ?? 'reader';
  switch (kind) {
    case 'add':
      return [admit(newcomer(cast, how % 3 === 0 ? device : await createDevice()), role)];
    case 'device': {
      const second = newcomer(cast, await createDevice(device.person));
      return [{ kind: 'add_device', device: second.enrolment }];
    }
    case 'remove': {
      const held = devicesOf(group.state(), device.person.id);
      const frontiers = held.map(({ key }) => ({
        device: key,
        seq: how + 1,
        hash: randomBytes(32),
      }));
      return [{ kind: 'remove', person, frontiers }];
    }
    case 'revoke':
      return [{ kind: 'revoke_device', frontier: nothingOf(device) }];
    case 'role':
      return [{ kind: 'role', person, role }];
    case 'policy': {
      const history = how % 2 === 0 ? 'full' : 'from_joining';
      return [{ kind: 'policy', policy: { admit: 'by_hand', history, promotion: how } }];
    }
    case 'cut':
      return [{ kind: 'fork_cut', segment: randomBytes(16), keep: upTo(device, how + 1) }];
    default:
      return [];
  }
}

function newcomer(cast: Map<string, GroupDevice>, device: GroupDevice): GroupDevice {
  cast.set(device.id, device);
  return device;
}

/** The founder's device drafts, and every steward votes. */
async function live(steps: readonly Step[]): Promise<Life> {
  const group = await startGroup();
  const life: Life = { group, cast: new Map([[group.founder.id, group.founder]]), taken: 0 };
  for (const each of steps) {
    const before = group.state();
    const acts = await actsOf(life, each);
    const voters = votersOf(life, before);
    const result = await group.decide({ acts, renew: each.kind === 'renew' }, voters);
    const after = group.state();
    if (result.ok) {
      life.taken += 1;
      checkStep(before, after);
    } else expect(after).toBe(before);
    if (!founderDecides(after, group)) break;
  }
  return life;
}

function votersOf({ cast }: Life, state: ControlState): GroupDevice[] {
  return stewardsOf(state).flatMap((id) => cast.get(state.persons.get(id)?.voter ?? '') ?? []);
}

/** Once the founder's device is out or no steward's, nobody here drafts. */
function founderDecides(state: ControlState, { founder }: TestGroup): boolean {
  return state.devices.has(founder.id) && state.persons.get(founder.person.id)?.role === 'steward';
}

function checkStep(before: ControlState, after: ControlState): void {
  expect(after.height).toBe(before.height + 1);
  expect(stewardsOf(after).length).toBeGreaterThan(0);
  for (const [id, device] of after.devices) {
    expect(after.persons.has(device.person)).toBe(true);
    expect(after.gone.has(id)).toBe(false);
  }
  for (const [id, person] of after.persons) {
    const held = devicesOf(after, id).map(({ key }) => toHex(key));
    expect(held.length > 0 ? held.includes(person.voter ?? '') : person.voter === null).toBe(true);
  }
  for (const [id, { seq }] of before.gone) {
    expect(after.gone.get(id)?.seq).toBeGreaterThanOrEqual(seq);
  }
  const left = [...before.devices.keys()].some((id) => !after.devices.has(id));
  if (left) expect(currentEpoch(after).number).toBe(currentEpoch(before).number + 1);
  const commitments = after.epochs.flatMap(({ commitment }) =>
    commitment ? [toHex(commitment)] : [],
  );
  expect(new Set(commitments).size).toBe(commitments.length);
}

test('a group keeps its invariants, and replicas agree in any order of arrival', async () => {
  const lives = array(step, { minLength: 3, maxLength: MAX_STEPS });
  await assert(
    asyncProperty(lives, infiniteStream(nat()), async (steps, dice) => {
      const { group } = await live(steps);
      const shuffled = group.entries
        .map((bytes) => ({ bytes, at: dice.next().value }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ bytes }) => bytes);
      const log = unwrap(createControlLog(group.genesis));
      for (const bytes of shuffled) await log.take(bytes);
      expect(log.tip()).toEqual(group.state());
      expect(log.frozen()).toBeNull();
    }),
    { numRuns: RUNS },
  );
});

test('whoever is in holds the running secret, and whoever is out none from after their leaving', async () => {
  const lives = array(step, { minLength: 3, maxLength: MAX_STEPS });
  await assert(
    asyncProperty(lives, async (steps) => {
      const { group, cast } = await live(steps);
      const log = unwrap(createControlLog(group.genesis));
      const held = new Map(
        [...cast.values()].map((each) => [each.id, keysFor(group.genesis, each)]),
      );
      const ended = new Map<string, number>();
      for (const bytes of group.entries) {
        const before = log.tip();
        for (const taken of unwrap(await log.take(bytes)).taken) {
          for (const keys of held.values()) expect(await keys.follow(taken)).toBeNull();
        }
        for (const id of before.devices.keys()) {
          if (!log.tip().devices.has(id)) ended.set(id, currentEpoch(before).number);
        }
      }
      const running = currentEpoch(log.tip()).number;
      for (const [id, keys] of held) {
        const highest = Math.max(-1, ...keys.secrets().keys());
        if (log.tip().devices.has(id)) expect(highest).toBe(running);
        else expect(highest).toBeLessThanOrEqual(ended.get(id) ?? -1);
      }
    }),
    { numRuns: RUNS },
  );
});

test('the founder keeps every secret of the life', async () => {
  const { group, taken } = await live([
    { kind: 'add', who: 0, how: 1 },
    { kind: 'remove', who: 1, how: 2 },
    { kind: 'renew', who: 0, how: 0 },
  ]);
  const { keys, complaints } = await followedKeys(group, group.founder);
  expect(taken).toBe(3);
  expect(complaints).toEqual([]);
  expect(new Set(keys.secrets().keys())).toEqual(new Set([0, 1, 2]));
});
