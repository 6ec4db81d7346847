// What goes wrong by itself, one value each.
import { cloneMachine, createMachine, type Machine } from './machine.ts';
import { join } from './membership.ts';
import type { Party } from './network.ts';
import type { World } from './scene.ts';

export interface Trouble {
  readonly name: string;
  readonly weight: number;
  run(world: World): void | Promise<void>;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;
const LONGEST_OUTAGE_MS = 15_000;

export const TROUBLES: readonly Trouble[] = [
  {
    name: 'a connection breaks',
    weight: 6,
    run: ({ network, random }) => {
      const pipes = network.pipes();
      if (pipes.length > 0) random.pick(pipes).cut();
    },
  },
  {
    name: 'a connection dies in silence',
    weight: 3,
    run: ({ network, random }) => {
      const pipes = network.pipes();
      if (pipes.length > 0) random.pick(pipes).goDark();
    },
  },
  {
    name: 'the network parts',
    weight: 2,
    run: (world) => {
      const { network, random, clock } = world;
      network.partition(new Map(partiesOf(world).map((party) => [party, random.int(2)])));
      clock.after(random.next() * LONGEST_OUTAGE_MS, () => network.heal());
    },
  },
  {
    name: 'a browser is killed',
    weight: 6,
    run: (world) => {
      const machine = world.random.pick(world.machines);
      machine.crash(world.random.chance(0.5));
      later(world, () => void machine.start());
    },
  },
  {
    name: 'a relay is killed',
    weight: 2,
    run: (world) => {
      if (world.relays.length === 0) return;
      const relay = world.random.pick(world.relays);
      relay.crash(world.random.chance(0.5));
      later(world, () => relay.start());
    },
  },
  {
    name: 'a disk fills up',
    weight: 1,
    run: (world) => {
      const machine = world.random.pick(world.machines);
      machine.disk.isFull = true;
      machine.wasFull = true;
      later(world, () => makeRoom(world, machine));
    },
  },
  {
    name: 'a document worker hangs',
    weight: 2,
    run: ({ random, machines }) => {
      const machine = random.pick(machines);
      machine.lostWorker = true;
      machine.running?.documents.replace();
    },
  },
  {
    name: 'a clock jumps',
    weight: 2,
    run: ({ random, machines }) => {
      random.pick(machines).skewMs = (random.next() - 0.5) * 50 * YEAR_MS;
    },
  },
  {
    name: 'someone joins',
    weight: 2,
    run: async (world) => {
      const machine = await createMachine(world, `n${world.machines.length}`);
      settle(world, machine);
      await arrive(world, machine);
    },
  },
  {
    name: 'an old copy of a profile comes back',
    weight: 0.5,
    run: (world) => takeBack(world, pickFollower(world)),
  },
  {
    name: 'a profile is copied',
    weight: 0.3,
    run: async (world) => {
      const machine = pickFollower(world);
      world.facts.split.add(machine.author);
      const clone = await cloneMachine(world, machine, `${machine.name}b`);
      settle(world, clone);
      clone.start();
    },
  },
];

/** A person begins: where there is a group they ask to be let in. */
export function arrive(world: World, machine: Machine): Promise<void> {
  return world.club.founder === null ? machine.announce() : join(world, machine);
}

/** A steward who forgets a decision would decide again, so stewards keep their disks. */
function pickFollower({ random, machines, club }: World): Machine {
  return random.pick(club.founder === null || machines.length < 2 ? machines : machines.slice(1));
}

/** Puts a new machine into the world, with the connections that everyone has. */
export function settle(world: World, machine: Machine): void {
  world.machines.push(machine);
  world.facts.members.add(machine.author);
  world.facts.honest.add(machine.author);
  world.watch.over(machine.name, machine.disk);
  for (const relay of world.relays) world.network.link(machine, relay);
  if (world.relays.length > 0 && world.random.chance(0.6)) return;
  const others = world.machines.filter((other) => other !== machine);
  const [first] = others;
  // Without a relay one can only ask where the answer is given.
  if (world.club.founder !== null && first !== undefined) world.network.link(machine, first);
  if (others.length > 0) world.network.link(machine, world.random.pick(others));
}

/** Copies a profile now, and puts the copy back some time later. */
async function takeBack(world: World, machine: Machine): Promise<void> {
  const copy = await machine.disk.copy();
  world.clock.after(world.random.next() * LONGEST_OUTAGE_MS, () => {
    world.facts.split.add(machine.author);
    machine.crash(world.random.chance(0.5));
    world.trace.note(`${machine.name} is put back`);
    machine.restore(copy);
    world.watch.over(machine.name, copy);
    forgetLost(world);
    later(world, () => void machine.start());
  });
}

/** What stood on no honest disk but the one that was put back is lost, and nobody can be blamed for it. */
function forgetLost({ facts, machines, relays }: World): void {
  const keepers = [...machines, ...relays.filter(({ isHonest }) => isHonest)];
  const isKept = (author: string, seq: number): boolean =>
    keepers.some(({ disk }) => (disk.contents.logs.get(author)?.length ?? 0) >= seq);
  const kept = facts.promised.filter(({ author, seq }) => isKept(author, seq));
  facts.promised.splice(0, Infinity, ...kept);
}

/** What was refused for want of room is asked for again at the next connection, and not before. */
export function makeRoom({ network }: World, machine: Machine): void {
  if (!machine.disk.isFull) return;
  machine.disk.isFull = false;
  network.crash(machine, false);
}

function later(world: World, run: () => void): void {
  world.clock.after(world.random.next() * LONGEST_OUTAGE_MS, run);
}

function partiesOf({ machines, relays, villains }: World): Party[] {
  return [...machines, ...relays, ...villains];
}
