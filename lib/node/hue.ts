// Every person has one of eight hues. Within a space they differ for as long as there are eight.
import { hashOf } from '../identity/hash.ts';
import type { Member } from '../space/members.ts';
import { utf8 } from '../wire/bytes.ts';
import type { Profile } from './profile.ts';
import type { HeldSpace } from './held-space.ts';

const HUES = 8;

/** The hue that a person's name asks for, where nobody else is around. */
export function hueOf(did: string): number {
  return (hashOf('hue', utf8(did))[0] ?? 0) % HUES;
}

/** A hue per person (by did), the same on every screen: whoever joined first keeps theirs, the next takes a free one. */
export function huesOf(members: Iterable<Member>): ReadonlyMap<string, number> {
  const joined = [...members].toSorted(
    (a, b) => a.since - b.since || (a.person < b.person ? -1 : 1),
  );
  const hues = new Map<string, number>();
  for (const { person } of joined) {
    if (!hues.has(person)) hues.set(person, freeHue(hueOf(person), new Set(hues.values())));
  }
  return hues;
}

/** This person's hue in the space they look at. */
export async function ownHue(held: HeldSpace | null, { person }: Profile): Promise<number> {
  const hues = held === null ? null : huesOf((await held.space.members()).values());
  return hues?.get(person) ?? hueOf(person);
}

function freeHue(wanted: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < HUES; step++) {
    const hue = (wanted + step) % HUES;
    if (!taken.has(hue)) return hue;
  }
  return wanted;
}
