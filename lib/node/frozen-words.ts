// What a panel says when stewards decided two things at one point: who is proved to have signed both, and what is left to do.
import { culpritsOf } from '../group/culprits.ts';
import type { Member } from '../space/members.ts';
import { fail, type Failure } from '../wire/failure.ts';
import { personIn } from './council-parts.ts';
import { nameOf } from './decision-views.ts';
import type { Desk } from './desk.ts';
import type { HeldSpace } from './held-space.ts';

/** Null while nobody is proved to have broken their word. */
export async function frozenBy(
  desk: Pick<Desk, 'stewardship' | 'profile'>,
  held: HeldSpace,
  members: ReadonlyMap<string, Member>,
): Promise<Failure | null> {
  const twice = desk.stewardship.council(held)?.doubleVote() ?? null;
  const proof = held.group?.log.frozen() ?? null;
  if (twice === null && proof === null) return null;
  const culprits = proof === null ? [] : await culpritsOf(proof);
  const persons = new Set(twice === null ? culprits : [...culprits, twice.person]);
  const me = personIn(desk.profile());
  const names = [...persons].map((key) => (key === me ? 'you' : nameOf(members, key)));
  const who = names.length === 0 ? 'The stewards of this space' : list.format(names);
  return fail(
    'forked',
    `${capital(who)} signed two different decisions at one point, so nothing more is decided in this space.`,
    'Reading and writing go on. The two signatures are kept as proof. Look at it together, then make a new space from this one with people you trust.',
  ).failure;
}

const list = new Intl.ListFormat('en', { type: 'conjunction' });

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en') + text.slice(1);
}
