// What a panel says of histories that split and are not settled yet.
import type { Member } from '../space/members.ts';
import type { ForkProof } from '../store/entry-store.ts';
import { fail, type Failure } from '../wire/failure.ts';

/** `device`: this one, hex. */
export function forkedWords(
  forks: readonly ForkProof[],
  members: ReadonlyMap<string, Member>,
  device: string,
): Failure {
  if (forks.some(({ author }) => author === device)) return OWN;
  const names = new Set(forks.map(({ author }) => members.get(author)?.name ?? 'Someone'));
  return fail(
    'forked',
    `${[...names].slice(0, 3).join(', ')}: two browsers use one copied profile here, and their work has parted.`,
    'What both shared is kept. It is settled as soon as the browser of a steward of this space is on.',
  ).failure;
}

const OWN = fail(
  'forked',
  'Another browser works with a copy of this one, and both have written in this space, so nothing can be added for now.',
  'Nothing is lost. It is settled as soon as the browser of another steward of this space is on.',
).failure;
