// Groups as tests need them: people with phrases and devices, and a space's control log that they share. Real keys,
// real signatures; only what a profile would keep on disk is kept in memory.
import { composeControl, type GroupChange } from '../../lib/group/compose.ts';
import { applyControl, readControl, type ReadControl } from '../../lib/group/control-entry.ts';
import { createControlLog, type ControlLog } from '../../lib/group/control-log.ts';
import { createControlState, type ControlState } from '../../lib/group/control-state.ts';
import { deriveAccessSigner } from '../../lib/group/epoch-keys.ts';
import { controlHash, voteMessage } from '../../lib/group/statements.ts';
import {
  assemble,
  castVote,
  givePledge,
  nextBallot,
  proposalFor,
  signDraft,
  type GivenPledge,
  type Steward,
} from '../../lib/group/voting.ts';
import type { GroupKeys } from '../../lib/group/group-keys.ts';
import { wrapEpochKeys } from '../../lib/group/wrap-epoch-keys.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import type { Act } from '../../lib/wire/control-act.ts';
import type { WrapEpoch } from '../../lib/wire/control-epoch.ts';
import {
  decodeControlEntry,
  encodeCertified,
  encodeControlEntry,
  type ControlEntry,
  type Pledge,
  type Vote,
} from '../../lib/wire/control.ts';
import { ok, unwrap, type FailureCode, type Result } from '../../lib/wire/failure.ts';
import { encodeGenesis } from '../../lib/wire/space-genesis.ts';
import { AT, createDevice, type GroupDevice } from './group-people.ts';

export interface TestGroup {
  readonly genesis: Uint8Array;
  /** Epoch 0's. */
  readonly secret: Uint8Array;
  readonly founder: GroupDevice;
  readonly log: ControlLog;
  /** Every certified entry so far, in order. */
  readonly entries: Uint8Array[];
  state(): ControlState;
  /** Drafts by the founder, unless said otherwise, put to the vote of these devices, and taken into the log. */
  decide(change: Change, voters?: readonly GroupDevice[]): Promise<Result<ControlState>>;
  /** As `decide`, for acts that must go through. */
  act(...acts: Act[]): Promise<ControlState>;
  /** The running secret, as the founder's device has it. */
  runningSecret(): Promise<Uint8Array | null>;
}

export type Change = Pick<GroupChange, 'acts'> &
  Partial<GroupChange> & { readonly by?: GroupDevice };

export interface Founding {
  readonly founder?: GroupDevice;
}

/** A space whose founder's device is not enrolled yet: height 0. */
export async function foundGroup({ founder: given }: Founding = {}): Promise<TestGroup> {
  const founder = given ?? (await createDevice());
  const secret = randomBytes(32);
  const access = await deriveAccessSigner(secret, 0);
  const genesis = encodeGenesis({
    creator: founder.person.signer.publicKey,
    salt: randomBytes(16),
    access: access.publicKey,
    createdAt: AT,
    keys: 'wrap',
  });
  const log = unwrap(createControlLog(genesis));
  const entries: Uint8Array[] = [];
  const keys = keysFor(genesis, founder, new Map([[0, secret]]));
  const runningSecret = async () => keys.secrets().get(keys.current()) ?? null;
  const decide: TestGroup['decide'] = async (change, voters = [founder]) => {
    const by = change.by ?? founder;
    const state = log.tip();
    const rest = { at: AT, proposer: by.key, secret: await runningSecret(), ...change };
    const composed = await composeControl(state, rest);
    if (!composed.ok) return composed;
    const certified = await certify(log, composed.value, by, voters);
    if (!certified.ok) return certified;
    const accepted = unwrap(await log.take(certified.value));
    for (const taken of accepted.taken) await keys.follow(taken);
    entries.push(certified.value);
    return ok(log.tip());
  };
  return {
    genesis,
    secret,
    founder,
    log,
    entries,
    decide,
    runningSecret,
    state: () => log.tip(),
    act: async (...acts) => unwrap(await decide({ acts })),
  };
}

/** A space whose founder's device is in. */
export async function startGroup(founding: Founding = {}): Promise<TestGroup> {
  const group = await foundGroup(founding);
  await group.act({ kind: 'add_device', device: group.founder.enrolment });
  return group;
}

export function stewardOf(
  device: GroupDevice,
  log: Steward['log'],
  mls: Steward['mls'] = null,
): Steward {
  const { signer, certificate, person, memory, wrapKey } = device;
  return { log, signer, certificate, person: person.id, memory, wrapKey, mls };
}

/** Puts an entry to the vote of these devices, in the lowest ballot that one of them leads. */
export async function certify(
  log: ControlLog,
  entryBytes: Uint8Array,
  drafter: GroupDevice,
  voters: readonly GroupDevice[],
  fromBallot = 0,
  mlsOf: (device: GroupDevice) => Steward['mls'] = () => null,
): Promise<Result<Uint8Array>> {
  const state = log.tip();
  const turns = voters
    .map((voter) => ({ voter, ballot: nextBallot(state, voter.person.id, fromBallot) }))
    .flatMap(({ voter, ballot }) => (ballot === null ? [] : [{ voter, ballot }]))
    .toSorted((a, b) => a.ballot - b.ballot);
  const turn = turns[0];
  const own = await signDraft(drafter, entryBytes);
  if (turn === undefined) return assemble(state, { ...own, ballot: 0, votes: [], pledges: [] });
  const { ballot, voter: leader } = turn;
  const given: GivenPledge[] = [];
  for (const voter of ballot === 0 ? [] : voters) {
    const pledged = await givePledge(stewardOf(voter, log, mlsOf(voter)), ballot);
    if (!pledged.ok) return pledged;
    given.push(pledged.value);
  }
  const proposal = proposalFor(state, given, own);
  const pledges = given.map(({ pledge }) => pledge);
  const call = { proposal, ballot, pledges };
  const votes: Vote[] = [];
  for (const voter of [leader, ...voters.filter((each) => each !== leader)]) {
    const steward = stewardOf(voter, log, mlsOf(voter));
    const vote = await castVote(steward, { ...call, leaderVote: votes[0] ?? null });
    if (!vote.ok) return vote;
    votes.push(vote.value);
  }
  return assemble(state, { ...proposal, ballot, votes, pledges });
}

/** The keys of one device, before it has followed the log. */
export function keysFor(
  genesis: Uint8Array,
  device: GroupDevice,
  secrets: ReadonlyMap<number, Uint8Array> = new Map(),
): GroupKeys {
  const state = unwrap(createControlState(genesis));
  return wrapEpochKeys({ state, device: device.key, wrapKey: device.wrapKey, secrets });
}

/** The keys of one device after the whole log, and what it complained about. */
export async function followedKeys(group: TestGroup, device: GroupDevice) {
  const keys = keysFor(group.genesis, device);
  const complaints: string[] = [];
  const log = unwrap(createControlLog(group.genesis));
  for (const bytes of group.entries) {
    for (const taken of unwrap(await log.take(bytes)).taken) {
      const complaint = await keys.follow(taken);
      if (complaint !== null) complaints.push(complaint);
    }
  }
  return { keys, complaints };
}

export function lastControl(group: TestGroup): ReadControl {
  return unwrap(readControl(group.entries.at(-1) ?? new Uint8Array()));
}

/**
 * A certified entry as hostile stewards would make it: any entry, signed by whoever is named, checked by nobody.
 * Drafted by the first of them.
 */
export async function forge(
  entry: ControlEntry,
  voters: readonly GroupDevice[],
  rest: { readonly ballot?: number; readonly pledges?: readonly Pledge[] } = {},
): Promise<Uint8Array> {
  const entryBytes = unwrap(encodeControlEntry(entry));
  const [drafter] = voters;
  if (drafter === undefined) throw new Error('expected someone to draft it');
  const { ballot = 0, pledges = [] } = rest;
  const hash = controlHash(entryBytes);
  const votes = await Promise.all(
    voters.map(async ({ certificate, signer }) => ({
      certificate,
      signature: await signer.sign(voteMessage(hash, ballot)),
    })),
  );
  return encodeCertified({ ...(await signDraft(drafter, entryBytes)), ballot, votes, pledges });
}

/** What the founder would draft as things stand, for a test to bend. */
export async function draftEntry(group: TestGroup, change: Change): Promise<ControlEntry> {
  const by = change.by ?? group.founder;
  const rest = { at: AT, proposer: by.key, secret: await group.runningSecret(), ...change };
  return unwrap(decodeControlEntry(unwrap(await composeControl(group.state(), rest))));
}

/** The wraps that an entry brings. */
export function wrapsIn({ epoch }: ControlEntry): WrapEpoch {
  if (epoch?.scheme !== 'wrap') throw new Error('expected wraps');
  return epoch;
}

/** With which code everyone refuses an entry on top of the group as it stands. */
export async function refusal(group: TestGroup, bytes: Uint8Array): Promise<FailureCode | 'taken'> {
  const result = await applyControl(group.state(), bytes);
  return result.ok ? 'taken' : result.failure.code;
}
