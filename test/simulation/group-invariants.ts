// What must hold of a club that has a group, once everything has come to rest, one value each.
import { toHex } from '../../lib/wire/bytes.ts';
import { isBeyondEnd } from './chronicle.ts';
import { isCutOff } from './guarantees.ts';
import type { Invariant } from './invariants.ts';
import { forksIn, runningOf } from './keepers.ts';
import type { Machine } from './machine.ts';
import { groupOf } from './process.ts';
import type { World } from './scene.ts';
import { readableAfterwards } from './spying.ts';

export const GROUP_INVARIANTS: readonly Invariant[] = [
  {
    name: 'all who are in know the same decisions',
    check: (world) =>
      runningOf(world).flatMap(({ name, running }) => {
        const state = groupOf(running, world.club);
        const newest = world.chronicle?.newest();
        const same = state === null || newest === undefined || toHex(state.head) === newest.name;
        return same ? [] : [`${name} knows decision ${state.height} of ${newest.height}`];
      }),
  },
  {
    name: 'whoever asks is let in, unless they were put out',
    check: (world) => {
      const { chronicle, machines } = world;
      const newest = chronicle?.newest();
      if (newest === undefined) return [];
      const waiting = machines.filter(({ author, running }) => {
        // What was asked before an old copy came back may part from what is asked now, and then nobody hears of it.
        if (world.facts.split.has(author)) return false;
        const isIn = newest.devices.has(author) && running !== null;
        return !isIn && !newest.ends.has(author);
      });
      return waiting.map(({ name }) => `${name} is not in`);
    },
  },
  {
    name: 'whoever was put out is shown that they were',
    check: (world) =>
      putOut(world).flatMap((machine) => {
        const { running, author, name } = machine;
        const state = running === null ? null : groupOf(running, world.club);
        return state === null || state.gone.has(author) ? [] : [`${name} does not know`];
      }),
  },
  {
    name: 'all that honest people wrote is shown, up to where their logs end',
    check: async (world) => {
      if (world.chronicle === null) return [];
      const forked = forksIn(world);
      const lacking: string[] = [];
      for (const { name, disk, running } of runningOf(world)) {
        const shown = new Set((await running.space.entries()).map(({ hash }) => hash));
        for (const { author, seq, hash } of [...disk.contents.logs.values()].flat()) {
          if (!world.facts.honest.has(author) || forked.has(author)) continue;
          if (shown.has(toHex(hash)) || isCutOff(world, toHex(hash))) continue;
          const why = running.space.quarantined().first?.message ?? 'it waits';
          lacking.push(`${name} does not show ${author.slice(0, 8)}#${seq}: ${why}`);
        }
      }
      return lacking;
    },
  },
  {
    name: 'nothing counts beyond the end of a log',
    check: async (world) => {
      const { chronicle } = world;
      const wrong: string[] = [];
      if (chronicle === null) return wrong;
      for (const { name, running } of runningOf(world)) {
        for (const entry of await running.space.entries()) {
          if (!isBeyondEnd(chronicle.newest(), entry)) continue;
          wrong.push(`${name} shows ${entry.author.slice(0, 8)}#${entry.seq}`);
        }
      }
      return wrong;
    },
  },
  {
    name: 'nobody goes back to an older state of the group',
    check: async (world) => {
      const wrong: string[] = [];
      for (const { name, running } of runningOf(world)) {
        const reached = new Map<string, number>();
        for (const { hash, author, seq } of await running.space.entries()) {
          const control = world.facts.placed.get(hash)?.control ?? '';
          const height = world.chronicle?.at(control)?.height ?? 0;
          if (height < (reached.get(author) ?? 0))
            wrong.push(`${name}: ${author.slice(0, 8)}#${seq}`);
          reached.set(author, height);
        }
      }
      return wrong;
    },
  },
  { name: 'nothing can be read that was sealed after one was put out', check: readableAfterwards },
];

/** Entries, of those that came into the world after so many, that reached someone who had been put out. */
export function servedAfter(world: World, before: number): readonly string[] {
  const late = new Set([...world.facts.placed.keys()].slice(before));
  return putOut(world).flatMap(({ name, author, disk }) =>
    [...disk.contents.logs.values()]
      .flat()
      .filter((entry) => entry.author !== author && late.has(toHex(entry.hash)))
      .map((entry) => `${name} was sent ${entry.author.slice(0, 8)}#${entry.seq}`),
  );
}

/** Honest people who were put out. */
function putOut({ machines, chronicle }: World): Machine[] {
  const ends = chronicle?.newest().ends;
  return machines.filter(({ author }) => ends?.has(author) === true);
}
