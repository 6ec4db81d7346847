// What must hold once the weather is good again and everything has come to rest, one value each.
import type { Member } from '../../lib/space/members.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { decodeEntry } from '../../lib/wire/entry.ts';
import { isCutOff, observe } from './guarantees.ts';
import type { Contents } from './disk.ts';
import { forksIn, hashAt, hashOf, keepersOf, runningOf, type Keeper } from './keepers.ts';
import type { Running } from './process.ts';
import type { World } from './scene.ts';

export interface Invariant {
  readonly name: string;
  /** Gives what speaks against it; nothing when it holds. */
  readonly check: (world: World) => Promise<readonly string[]> | readonly string[];
}

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'all honest replicas have the same heads',
    check: (world) => differences(world, ({ disk }) => headsOf(world, disk.contents)),
  },
  {
    name: 'every fork that is proved is proved everywhere',
    check: (world) => differences(world, ({ disk }) => [...disk.contents.forks.keys()].toSorted()),
  },
  {
    name: 'what came before a fork is kept by all',
    check: (world) => {
      const forks = forksIn(world);
      return differences(world, ({ disk: { contents } }) =>
        [...forks].map(([author, seq]) => {
          const before = Math.min(seq - 1, endOf(world, author));
          return `${author}#${before}:${hashAt(contents, author, before)}`;
        }),
      );
    },
  },
  {
    name: 'every proof is good',
    check: (world) =>
      keepersOf(world).flatMap(({ name, disk }) =>
        [...disk.contents.forks.values()].flatMap(({ author, seq, first, second }) => {
          const places = [first, second].map(placeOf);
          const isGood = places.every((place) => place === `${author}#${seq}`);
          return isGood && Buffer.compare(first, second) !== 0 ? [] : [`${name}: ${author}`];
        }),
      ),
  },
  {
    name: 'all honest replicas show the same documents',
    check: async (world) => {
      const tainted = await touchedByForked(world);
      return sameEverywhere(world, async ({ space }) => {
        const ids = [...(await space.documents()), 'board'].filter((id) => !tainted.has(id));
        const unique = [...new Set(ids)].toSorted();
        return Promise.all(unique.map(async (id) => [id, await space.read(id)]));
      });
    },
  },
  {
    name: 'all honest replicas know the same members',
    check: (world) => {
      const forked = forksIn(world);
      return sameEverywhere(world, async ({ space }) =>
        [...(await space.members())].filter(([author]) => !forked.has(author)).toSorted(byAuthor),
      );
    },
  },
  {
    name: 'nothing acknowledged is lost',
    check: (world) => {
      const forked = forksIn(world);
      const kept = world.facts.promised.filter(
        ({ author, hash }) => !forked.has(author) && !isCutOff(world, hash),
      );
      return keepersOf(world).flatMap(({ name, disk }) =>
        kept
          .filter(({ author, seq, hash }) => hashAt(disk.contents, author, seq) !== hash)
          .map(({ author, seq }) => `${name} lacks ${author.slice(0, 8)}#${seq}`),
      );
    },
  },
  {
    name: 'every stored entry is shown or counted as quarantined',
    check: async (world) => {
      if (world.chronicle !== null) return [];
      const wrong: string[] = [];
      for (const { name, disk, running } of runningOf(world)) {
        const shown = (await running.space.entries()).length;
        const stored = [...disk.contents.logs.values()].reduce((sum, log) => sum + log.length, 0);
        const { count } = running.space.quarantined();
        if (shown + count !== stored) wrong.push(`${name}: ${shown} + ${count} of ${stored}`);
      }
      return wrong;
    },
  },
  {
    name: 'a person sees at rest all that they saw before',
    check: async (world) => {
      for (const { machine, running } of runningOf(world)) await observe(world, machine, running);
      return [];
    },
  },
  {
    name: 'what others hold of a person shows as held',
    check: (world) =>
      runningOf(world).flatMap(({ machine, name, disk, running }) => {
        const keepers = new Set<unknown>(keepersOf(world));
        const sessions = [...running.sessions].filter(([{ ends }]) =>
          ends.every((end) => keepers.has(end)),
        );
        const said = sessions.map(([, session]) =>
          session.heldByOther(world.club.id, machine.author),
        );
        const held = disk.contents.logs.get(machine.author)?.length ?? 0;
        const isForked = forksIn(world).has(machine.author);
        if (isForked || sessions.length === 0 || Math.max(...said) === held) return [];
        return [`${name} has written ${held}, confirmed are ${said.join()}`];
      }),
  },
];

/** At any time: a confirmation may be late, but what is said to be held is on the other's disk. */
export function neverTooEarly(world: World): readonly string[] {
  const keepers = new Map<unknown, Keeper>(keepersOf(world).map((keeper) => [keeper, keeper]));
  const forks = forksIn(world);
  return runningOf(world).flatMap(({ machine, name, running }) =>
    [...running.sessions].flatMap(([pipe, session]) => {
      const other = keepers.get(pipe.ends.find((end) => end !== machine));
      if (other === undefined || pipe.isEnding()) return [];
      return [...world.facts.members].flatMap((author) => {
        const said = session.heldByOther(world.club.id, author);
        const held = other.disk.contents.logs.get(author)?.length ?? 0;
        // What one holds of a split history is a matter of which.
        if (said <= held || forks.has(author)) return [];
        return [`${name}: ${other.name} holds ${held} of ${author.slice(0, 8)}, not ${said}`];
      });
    }),
  );
}

function headsOf(world: World, { logs }: Contents): string[] {
  const forked = forksIn(world);
  return [...logs]
    .filter(([author]) => !forked.has(author))
    .map(([author, log]) => [author, log.slice(0, endOf(world, author))] as const)
    .filter(([, log]) => log.length > 0)
    .map(([author, log]) => `${author}#${log.length}:${hashOf(log.at(-1))}`)
    .toSorted();
}

/** Where the log of someone who was put out ends; what lies beyond nobody needs to hold. */
function endOf({ chronicle }: World, author: string): number {
  return chronicle?.newest().ends.get(author)?.seq ?? Infinity;
}

/** Documents that someone changed after their history had split: nodes may have taken different ones of two. */
async function touchedByForked(world: World): Promise<Set<string>> {
  const forks = forksIn(world);
  const touched = new Set<string>();
  for (const { running } of runningOf(world)) {
    for (const { author, seq, body } of await running.space.entries()) {
      const isSplit = seq >= (forks.get(author) ?? Infinity);
      if (isSplit && body.kind === 'change') touched.add(body.document);
    }
  }
  return touched;
}

function differences(world: World, look: (keeper: Keeper) => readonly string[]): string[] {
  const [first, ...others] = keepersOf(world).map((keeper) => ({
    name: keeper.name,
    seen: look(keeper),
  }));
  if (first === undefined) return [];
  return others.flatMap(({ name, seen }) => {
    const more = seen.filter((item) => !first.seen.includes(item)).map(short);
    const less = first.seen.filter((item) => !seen.includes(item)).map(short);
    if (more.length + less.length === 0) return [];
    return [`${name} has ${more.join(' ') || 'nothing'}, ${first.name} ${less.join(' ')}`];
  });
}

async function sameEverywhere(
  world: World,
  look: (running: Running) => Promise<unknown>,
): Promise<string[]> {
  const views: { name: string; json: string }[] = [];
  for (const { name, running } of runningOf(world)) {
    views.push({ name, json: JSON.stringify(await look(running)) });
  }
  const [first, ...others] = views;
  return others
    .filter(({ json }) => json !== first?.json)
    .map(({ name, json }) => `${name} shows ${json}\n     ${first?.name} shows ${first?.json}`);
}

function placeOf(bytes: Uint8Array): string | null {
  const entry = decodeEntry(bytes);
  return entry.ok ? `${toHex(entry.value.header.author)}#${entry.value.header.seq}` : null;
}

function short(item: string): string {
  return item.replaceAll(/[0-9a-f]{16,}/g, (hex) => hex.slice(0, 8));
}

function byAuthor([a]: readonly [string, Member], [b]: readonly [string, Member]): number {
  return a < b ? -1 : 1;
}
