// A long random life of a space with MLS keys: people, second devices, removals, new keys, changing stewards, nodes that
// lag, restart and lose their record. After each settled step all who are in hold the same secrets, and nobody else does.
import { currentEpoch, roleOf } from '../../lib/group/control-state.ts';
import { compareBytes } from '../../lib/wire/bytes.ts';
import type { Act } from '../../lib/wire/control-act.ts';
import { createRandom, type Random } from '../simulation/random.ts';
import type { Change } from './group.ts';
import { admit, nothingOf } from './group-people.ts';
import {
  catchUp,
  createMlsDevice,
  decide,
  nodeOf,
  restart,
  runningSecret,
  startMlsSpace,
  type MlsNode,
  type MlsSpace,
} from './mls.ts';

export interface SoakWish {
  readonly seed: number;
  readonly steps: number;
  /** Persons at a time. */
  readonly maxPersons: number;
}

export interface SoakReport {
  readonly epochs: number;
  readonly largestGroup: number;
  /** Sentences; none when all held. */
  readonly violations: readonly string[];
}

interface Life {
  readonly space: MlsSpace;
  readonly random: Random;
  readonly nodes: Map<string, MlsNode>;
  /** Devices that are out, with the epoch that they were in last. */
  readonly gone: Map<string, { readonly node: MlsNode; readonly lastEpoch: number }>;
  readonly violations: string[];
}

const MAX_STEWARDS = 3;
const MAX_VIOLATIONS = 10;

export async function soak({ seed, steps, maxPersons }: SoakWish): Promise<SoakReport> {
  const random = createRandom(`mls/${seed}`);
  const space = await startMlsSpace();
  const { founder } = space;
  const life: Life = {
    space,
    random,
    nodes: new Map([[founder.device.id, founder]]),
    gone: new Map(),
    violations: [],
  };
  let largestGroup = 1;
  for (let step = 1; step <= steps && life.violations.length < MAX_VIOLATIONS; step += 1) {
    const before = life.violations.length;
    await liveOn(life, maxPersons);
    await settleSome(life);
    if (random.chance(0.5)) await check(life);
    largestGroup = Math.max(largestGroup, life.nodes.size);
    if (life.violations.length > before) life.violations.push(`(seed ${seed}, step ${step})`);
  }
  await check(life);
  const [any] = life.nodes.values();
  const epochs = any === undefined ? 0 : currentEpoch(any.log.tip()).number;
  return { epochs, largestGroup, violations: life.violations };
}

async function liveOn(life: Life, maxPersons: number): Promise<void> {
  const { random, nodes } = life;
  const wanted = random.weighted([
    { weight: life.nodes.size < maxPersons ? 6 : 0, act: comeIn },
    { weight: 2, act: addDevice },
    { weight: nodes.size > 2 ? 5 : 0, act: putOut },
    { weight: nodes.size > 2 ? 2 : 0, act: revokeDevice },
    { weight: 3, act: async () => decideChange(life, { acts: [], renew: true }) },
    { weight: 2, act: changeRole },
    { weight: 1, act: loseRecord },
  ]);
  await wanted.act(life);
}

async function comeIn(life: Life): Promise<void> {
  const count = life.random.between(1, 3);
  const devices = await Promise.all(Array.from({ length: count }, () => createMlsDevice()));
  const decided = await decideChange(life, { acts: devices.map((device) => admit(device)) });
  for (const device of decided ? devices : [])
    life.nodes.set(device.id, await nodeOf(life.space, device));
}

async function addDevice(life: Life): Promise<void> {
  const { device } = life.random.pick([...life.nodes.values()]);
  const second = await createMlsDevice(device.person);
  const acts: Act[] = [{ kind: 'add_device', device: second.enrolment }];
  if (await decideChange(life, { acts }))
    life.nodes.set(second.id, await nodeOf(life.space, second));
}

/** Never the founder, so that somebody can always decide. */
function othersOf({ nodes, space }: Life): MlsNode[] {
  const { person } = space.founder.device;
  return [...nodes.values()].filter(({ device }) => device.person.id !== person.id);
}

async function putOut(life: Life): Promise<void> {
  const others = othersOf(life);
  if (others.length === 0) return;
  const { person } = life.random.pick(others).device;
  const theirs = others.filter(({ device }) => device.person.id === person.id);
  const frontiers = theirs
    .map(({ device }) => nothingOf(device))
    .toSorted((a, b) => compareBytes(a.device, b.device));
  const acts: Act[] = [{ kind: 'remove', person: person.signer.publicKey, frontiers }];
  await decideChange(life, { acts }, theirs);
}

async function revokeDevice(life: Life): Promise<void> {
  const others = othersOf(life).filter(({ device }, _, all) =>
    all.some((other) => other.device.person === device.person && other.device !== device),
  );
  if (others.length === 0) return;
  const lost = life.random.pick(others);
  const frontier = nothingOf(lost.device);
  await decideChange(life, { acts: [{ kind: 'revoke_device', frontier }] }, [lost]);
}

async function changeRole(life: Life): Promise<void> {
  const others = othersOf(life);
  if (others.length === 0) return;
  const { device } = life.random.pick(others);
  const state = stewardNodes(life)[0]?.log.tip();
  const isSteward = state !== undefined && roleOf(state, device.key) === 'steward';
  if (!isSteward && stewardNodes(life).length >= MAX_STEWARDS) return;
  const role = isSteward ? 'editor' : 'steward';
  const person = device.person.signer.publicKey;
  await decideChange(life, { acts: [{ kind: 'role', person, role }] });
}

/** A node comes back without what it knew of the group, says so, and is let in again by its KeyPackage. */
async function loseRecord(life: Life): Promise<void> {
  const others = othersOf(life);
  if (others.length === 0) return;
  const lost = life.random.pick(others);
  lost.memory.record = null;
  const back = await restart(life.space, lost);
  life.nodes.set(back.device.id, back);
  await decideChange(life, { acts: [], rewrap: [back.device.key] });
  await catchUp(life.space, back);
}

/** Nodes whose devices vote, caught up; the founder's first. */
function stewardNodes({ nodes, space }: Life): MlsNode[] {
  const state = [...nodes.values()]
    .map(({ log }) => log.tip())
    .reduce((newest, each) => (each.height > newest.height ? each : newest));
  const voters = [...state.persons.values()].filter(({ role }) => role === 'steward');
  const found = voters.flatMap(({ voter }) => nodes.get(voter ?? '') ?? []);
  return found.toSorted((a) => (a.device === space.founder.device ? -1 : 1));
}

/** Whether it was decided. Anything else is a violation. */
async function decideChange(life: Life, change: Change, leaving: MlsNode[] = []): Promise<boolean> {
  const { space, random } = life;
  for (const node of life.nodes.values()) if (random.chance(0.9)) await catchUp(space, node);
  const stewards = stewardNodes(life);
  for (const node of stewards) await catchUp(space, node);
  const lastEpoch = stewards[0]?.keys.current() ?? 0;
  // Whoever lost its way cannot pass on what came before, until another steward has let it in again.
  const able = stewards.filter((node) => !leaving.includes(node) && runningSecret(node) !== null);
  const drafter = random.pick(able);
  const voters = [drafter, ...stewards.filter((node) => node !== drafter)];
  // Another's draft of the same moment, which loses: whoever made it drops it and goes on with what was decided.
  if (random.chance(0.3)) await random.pick(stewards).keys.mls?.draft(losing(drafter));
  const decided = await decide(space, change, voters);
  if (!decided.ok) {
    life.violations.push(`refused: ${decided.failure.message}`);
    return false;
  }
  for (const node of leaving) {
    life.nodes.delete(node.device.id);
    life.gone.set(node.device.id, { node, lastEpoch });
  }
  return true;
}

function losing({ log }: MlsNode) {
  const before = log.tip();
  return { before, devices: [...before.devices.values()], again: [] };
}

async function settleSome(life: Life): Promise<void> {
  for (const [id, node] of life.nodes) {
    if (life.random.chance(0.6)) await catchUp(life.space, node);
    if (life.random.chance(0.05)) life.nodes.set(id, await restart(life.space, node));
  }
}

async function check(life: Life): Promise<void> {
  const { space, nodes, gone, violations } = life;
  for (const node of nodes.values()) await catchUp(space, node);
  const [first, ...rest] = [...nodes.values()];
  if (first === undefined) return;
  const secrets = first.keys.secrets();
  const running = first.keys.current();
  for (const node of [first, ...rest]) {
    const theirs = node.keys.secrets();
    for (let epoch = 0; epoch <= running; epoch += 1) {
      const same = Buffer.compare(theirs.get(epoch) ?? EMPTY, secrets.get(epoch) ?? EMPTY) === 0;
      if (!same || !theirs.has(epoch)) {
        violations.push(
          `epoch ${epoch} of ${running} differs; complaints: ${node.complaints.join()}`,
        );
        break;
      }
    }
  }
  for (const { node, lastEpoch } of gone.values()) {
    await catchUp(space, node);
    const newest = Math.max(...node.keys.secrets().keys());
    if (newest > lastEpoch) violations.push(`someone out since ${lastEpoch} holds ${newest}`);
  }
}

const EMPTY = new Uint8Array();
