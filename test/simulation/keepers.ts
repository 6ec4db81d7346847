// Who keeps the club: honest people who are in it, and relays; and what their disks say of authors who signed two histories.
import type { StoredEntry } from '../../lib/store/entry-store.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { Contents, Disk } from './disk.ts';
import type { Machine } from './machine.ts';
import type { Running } from './process.ts';
import type { World } from './scene.ts';

export interface Keeper {
  readonly name: string;
  readonly disk: Disk;
}

/** Honest parties with a disk who are in the club, and relays. */
export function keepersOf({ machines, relays, chronicle }: World): (Keeper & object)[] {
  const devices = chronicle?.newest().devices;
  const members = machines.filter(({ author }) => devices?.has(author) !== false);
  return [...members, ...relays.filter(({ isHonest, isRetired }) => isHonest && !isRetired)];
}

/** People who are in the club and whose browsers run. */
export function runningOf({ machines, chronicle }: World): {
  readonly machine: Machine;
  readonly name: string;
  readonly disk: Disk;
  readonly running: Running;
}[] {
  const devices = chronicle?.newest().devices;
  return machines.flatMap((machine) => {
    const { name, disk, running } = machine;
    return running === null || devices?.has(machine.author) === false
      ? []
      : [{ machine, name, disk, running }];
  });
}

/** Authors who signed two histories, with the first place where these part. A proof may show a later one. */
export function forksIn(world: World): Map<string, number> {
  const forks = new Map<string, number>();
  const keepers = keepersOf(world).map(({ disk }) => disk.contents);
  for (const { author, seq } of keepers.flatMap(({ forks: proofs }) => [...proofs.values()])) {
    const logs = keepers.flatMap(({ logs: held }) => held.get(author) ?? []);
    const names = Map.groupBy(logs, (entry) => entry.seq);
    const parted = [...names].filter(([, held]) => new Set(held.map(hashOf)).size > 1);
    forks.set(author, Math.min(seq, ...parted.map(([at]) => at), forks.get(author) ?? seq));
  }
  return forks;
}

export function hashAt({ logs }: Contents, author: string, seq: number): string | null {
  return hashOf(logs.get(author)?.[seq - 1]);
}

export function hashOf(entry: StoredEntry | undefined): string | null {
  return entry === undefined ? null : toHex(entry.hash);
}
