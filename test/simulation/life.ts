// The life of a world: people settle in, things happen, the weather clears, and everything is judged at rest.
import { DEEDS } from './deeds.ts';
import { GROUP_DEEDS } from './group-deeds.ts';
import { GROUP_INVARIANTS, servedAfter } from './group-invariants.ts';
import { INVARIANTS, neverTooEarly } from './invariants.ts';
import { createMachine, type Machine } from './machine.ts';
import { admitAt, DECISIONS, found, join, openDoors } from './membership.ts';
import { createOutsider } from './outsider.ts';
import { ACTS, say, type Act } from './people.ts';
import { createRelayParty } from './relay-party.ts';
import type { World } from './scene.ts';
import { createVillain, type Villain } from './villain.ts';
import { arrive, makeRoom, settle, TROUBLES } from './weather.ts';

const LONGEST_REST_MS = 180_000;
const WARM_UP_MS = 30_000;

export async function live(world: World): Promise<void> {
  const { clock, machines, random } = world;
  await during(world, 5000, () => settleIn(world));
  const durationMs = random.between(10, 60) * 1000;
  for (const happen of happenings(world)) clock.after(random.next() * durationMs, happen);
  await clock.runUntil(clock.now() + durationMs);
  await during(world, 1000, () => heal(world));
  await gather(world);
  await clock.runUntil(clock.now() + LONGEST_REST_MS);
  await during(world, LONGEST_REST_MS, () => judge(world));
  // Whoever has come to rest must still be able to go on, and find everything again after a start from storage.
  const before = world.facts.placed.size;
  for (const machine of machines) act(world, machine, say);
  await clock.runUntil(clock.now() + LONGEST_REST_MS);
  world.watch.all('whoever was put out is not served', servedAfter(world, before));
  for (const machine of machines) {
    machine.crash(false);
    machine.start();
  }
  await clock.runUntil(clock.now() + LONGEST_REST_MS);
  await during(world, LONGEST_REST_MS, () => judge(world));
}

/** Runs the clock while a task is under way that needs it. */
async function during(world: World, longestMs: number, task: () => Promise<void>): Promise<void> {
  const { clock, watch } = world;
  let isDone = false;
  const done = task().then(() => (isDone = true));
  await clock.runUntil(clock.now() + longestMs);
  if (!isDone && watch.violations.length === 0) {
    watch.report('every question is answered', 'something waits for ever');
  }
  if (isDone) await done;
}

async function settleIn(world: World): Promise<void> {
  const { random, facts, network, club } = world;
  const hasRelay = random.chance(0.85);
  if (random.chance(0.35)) {
    const villain = await createVillain(world, 'v');
    facts.members.add(villain.author);
    world.villains.push(villain);
  }
  if (hasRelay) {
    const relay = await createRelayParty(world, 'relay', random.chance(0.3));
    world.relays.push(relay);
    world.watch.over(relay.name, relay.disk);
    relay.start();
  }
  const count = random.between(2, 5);
  for (let number = 0; number < count; number++) {
    const machine = await createMachine(world, `n${number}`, number === 0 ? club.founder : null);
    settle(world, machine);
    if (number === 0 && club.founder !== null) await found(world, machine);
    else void arrive(world, machine);
  }
  for (const villain of world.villains) {
    await letIn(world, villain);
    const others = [...world.machines, ...world.relays];
    for (const other of random.shuffled(others).slice(0, 3)) network.link(villain, other);
  }
  if (random.chance(0.15)) {
    const outsider = await createOutsider(world);
    network.link(outsider, random.pick([...world.machines, ...world.relays]));
  }
}

/** Villains look like anyone: the stewards let them in, with some role. */
async function letIn(world: World, villain: Villain): Promise<void> {
  const [founder] = world.machines;
  if (world.club.founder === null || founder === undefined) return;
  await villain.enter(await admitAt(world, founder, villain.profile));
}

function happenings(world: World): (() => void)[] {
  const { random, club } = world;
  const { length } = world.villains;
  return [
    ...times(random.between(8, 40), () =>
      act(world, random.pick(world.machines), random.weighted(ACTS)),
    ),
    ...times(random.between(0, 14), () => trouble(world)),
    ...times(length * random.between(2, 12), () => deed(world)),
    ...times(club.founder === null ? 0 : random.between(0, 10), () =>
      act(world, random.pick(world.machines.slice(0, 1)), random.weighted(DECISIONS)),
    ),
    ...times(6, () => world.watch.all('no confirmation comes too early', neverTooEarly(world))),
  ];
}

function act(world: World, machine: Machine, chosen: Act): void {
  const { running } = machine;
  if (running === null) return;
  world.trace.note(`${machine.name} ${chosen.name}`);
  void chosen.run(world, machine, running);
}

function trouble(world: World): void {
  const chosen = world.random.weighted(TROUBLES);
  world.trace.note(chosen.name);
  void chosen.run(world);
}

function deed(world: World): void {
  const deeds = world.club.founder === null ? DEEDS : world.random.pick([DEEDS, GROUP_DEEDS]);
  const chosen = world.random.weighted(deeds);
  const villain = world.random.pick(world.villains);
  world.trace.note(`${villain.name} ${chosen.name}`);
  void chosen.run(villain, world);
}

/** The weather clears: all is up and connected, villains have left, and a relay that lies is given up. */
async function heal(world: World): Promise<void> {
  const { network, machines, relays, villains } = world;
  world.trace.note('the weather clears');
  for (const villain of villains) network.unlink(villain);
  for (const relay of relays.filter(({ isHonest }) => !isHonest)) {
    network.unlink(relay);
    relay.isRetired = true;
  }
  network.heal();
  for (const relay of relays) if (!relay.isRetired) relay.start();
  for (const machine of machines) {
    makeRoom(world, machine);
    machine.start();
  }
  const [hub] = relays.filter(({ isRetired }) => !isRetired);
  const centre = hub ?? machines[0];
  for (const machine of machines) if (centre !== undefined) network.link(machine, centre);
}

/** Whoever wants to come in and could not is let in now. */
async function gather(world: World): Promise<void> {
  const { clock, club, machines } = world;
  const [founder] = machines;
  if (club.founder === null || founder === undefined) return;
  await clock.runUntil(clock.now() + WARM_UP_MS);
  await during(world, WARM_UP_MS, () => openDoors(world, founder));
  for (const machine of machines.filter(({ running }) => running === null)) {
    // What could not be opened or made while the disk was full is tried again at the next start.
    machine.crash(false);
    void join(world, machine);
  }
}

async function judge(world: World): Promise<void> {
  const { clock, watch } = world;
  if (!clock.isIdle()) watch.report('everything comes to rest', 'something still goes on');
  for (const { name, check } of [...INVARIANTS, ...GROUP_INVARIANTS]) {
    if (watch.violations.length === 0) watch.all(name, await check(world));
  }
}

function times(count: number, happen: () => void): (() => void)[] {
  return Array.from({ length: count }, () => happen);
}
