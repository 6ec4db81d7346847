// What a council is made of, what comes of a proposal, and how things stand for this device when it looks for its next move.
import type { BallotTable } from '../group/ballot-table.ts';
import type { KeyId } from '../group/control-state.ts';
import type { MotionId } from '../group/motion.ts';
import type { WeighedMotion } from '../group/motions.ts';
import type { Situation } from '../group/next-move.ts';
import type { VoteMemory } from '../group/voting.ts';
import { keyOfDid } from '../identity/did-key.ts';
import type { Replica } from '../log/replica.ts';
import type { Space } from '../space/space.ts';
import { toHex } from '../wire/bytes.ts';
import type { ControlEntry } from '../wire/control.ts';
import { fail } from '../wire/failure.ts';
import type { Profile } from './profile.ts';
import type { SpaceGroup } from './space-group.ts';

export interface CouncilOptions {
  readonly space: Space;
  readonly group: SpaceGroup;
  readonly replica: Replica;
  readonly memory: VoteMemory;
  readonly profile: () => Profile;
  readonly now: () => number;
  /** Whether a device is there now. */
  readonly isHere: (device: KeyId) => boolean;
  /** What a panel shows may have changed. */
  readonly onChange: () => void;
  /** An entry has come into the control log, by whomever. */
  readonly onDecided: (entry: ControlEntry) => void;
}

/** What came of a proposal. */
export type Decision =
  | { readonly kind: 'decided' }
  /** For others: it goes on by itself, and the panel says whom it waits for. */
  | { readonly kind: 'waiting'; readonly motion: MotionId };

export interface Standing extends Pick<Situation, 'motions' | 'refused' | 'standingMs'> {
  readonly table: BallotTable;
}

export function situationOf(
  { profile, isHere }: Pick<CouncilOptions, 'profile' | 'isHere'>,
  standing: Standing,
): Situation {
  const person = personIn(profile());
  const { persons, devices } = standing.table.state;
  const device = profile().signer.publicKey;
  const voter = persons.get(person)?.voter ?? null;
  return {
    ...standing,
    me: { person, device, votes: voter === null || voter === toHex(device) },
    isHere: (other) => [...devices].some(([id, each]) => each.person === other && isHere(id)),
  };
}

/** Whose device this is. */
export function personIn({ person }: Pick<Profile, 'person'>): KeyId {
  const key = keyOfDid(person);
  return key.ok ? toHex(key.value) : '';
}

/** What a panel shows of a council, for telling whether that has changed. */
export function shownOf(
  head: Uint8Array,
  open: readonly WeighedMotion[],
  twice: { readonly person: KeyId } | null,
): string {
  const motions = open.map(({ id, consents, refusals }) =>
    [id, ...consents, '-', ...refusals].join(),
  );
  return [toHex(head), twice?.person, ...motions].join(';');
}

export const NOT_OPEN = fail(
  'not_found',
  'This has been decided or taken back meanwhile.',
  'Look at the list of people again.',
);
