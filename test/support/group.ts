// Groups as tests need them: people with phrases and devices, and a space's control log that they share. Real keys,
// real signatures; only what a profile would keep on disk is kept in memory.
import { composeControl, type GroupChange } from '../../lib/group/compose.ts';
import { readControl, type ReadControl } from '../../lib/group/control-entry.ts';
import { createControlLog, type ControlLog } from '../../lib/group/control-log.ts';
import { createControlState, type ControlState } from '../../lib/group/control-state.ts';
import { deriveAccessSigner } from '../../lib/group/epoch-keys.ts';
import { controlHash, enrol, voteMessage } from '../../lib/group/statements.ts';
import {
  assemble,
  castVote,
  givePledge,
  nextBallot,
  proposalFor,
  signDraft,
  type GivenPledge,
  type Steward,
  type VoteMemory,
  type VoteRecord,
} from '../../lib/group/voting.ts';
import { wrapEpochKeys, type WrapEpochKeys } from '../../lib/group/wrap-epoch-keys.ts';
import { createWrapKey, type StoredWrapKey } from '../../lib/group/wrap-key.ts';
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import {
  createDeviceKey,
  signerOfDevice,
  signerOfSeed,
  type Signer,
} from '../../lib/identity/signer.ts';
import { compareBytes, toHex } from '../../lib/wire/bytes.ts';
import type { Act, Role } from '../../lib/wire/control-act.ts';
import type { Enrolment, LogPoint } from '../../lib/wire/control-parts.ts';
import {
  decodeControlEntry,
  encodeCertified,
  encodeControlEntry,
  type ControlEntry,
  type Pledge,
} from '../../lib/wire/control.ts';
import { ok, unwrap, type Result } from '../../lib/wire/failure.ts';
import { encodeGenesis } from '../../lib/wire/space-genesis.ts';

const AT = 1_700_000_000_000;

export interface GroupPerson {
  readonly signer: Signer;
  readonly id: string;
}

export interface GroupDevice {
  readonly person: GroupPerson;
  readonly signer: Signer;
  readonly key: Uint8Array;
  readonly id: string;
  readonly certificate: Uint8Array;
  readonly wrapKey: StoredWrapKey;
  readonly enrolment: Enrolment;
  readonly memory: VoteMemory & { readonly records: ReadonlyMap<number, VoteRecord> };
}

export async function createPerson(): Promise<GroupPerson> {
  const signer = await signerOfSeed(randomBytes(32));
  return { signer, id: toHex(signer.publicKey) };
}

export async function createDevice(of?: GroupPerson): Promise<GroupDevice> {
  const person = of ?? (await createPerson());
  const signer = await signerOfDevice(await createDeviceKey());
  const certificate = await certifyDevice(person.signer, signer.publicKey, AT);
  const wrapKey = await createWrapKey();
  const enrolment = await enrol(signer, certificate, wrapKey.publicKey);
  const names = { key: signer.publicKey, id: toHex(signer.publicKey) };
  return { person, signer, ...names, certificate, wrapKey, enrolment, memory: createVoteMemory() };
}

export function createVoteMemory(): GroupDevice['memory'] {
  const records = new Map<number, VoteRecord>();
  return {
    records,
    change: async ({ height }, decide) => {
      const decided = decide(records.get(height) ?? null);
      if (decided.ok) records.set(height, decided.value);
      return decided;
    },
  };
}

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

export function stewardOf(device: GroupDevice, log: Steward['log']): Steward {
  const { signer, certificate, person, memory, wrapKey } = device;
  return { log, signer, certificate, person: person.id, memory, wrapKey };
}

/** Puts an entry to the vote of these devices, in the lowest ballot that one of them leads. */
export async function certify(
  log: ControlLog,
  entryBytes: Uint8Array,
  drafter: GroupDevice,
  voters: readonly GroupDevice[],
  fromBallot = 0,
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
    const pledged = await givePledge(stewardOf(voter, log), ballot);
    if (!pledged.ok) return pledged;
    given.push(pledged.value);
  }
  const proposal = proposalFor(given, own);
  const pledges = given.map(({ pledge }) => pledge);
  const call = { proposal, ballot, pledges };
  const first = await castVote(stewardOf(leader, log), { ...call, leaderVote: null });
  if (!first.ok) return first;
  const votes = [first.value];
  for (const voter of voters.filter((each) => each !== leader)) {
    const vote = await castVote(stewardOf(voter, log), { ...call, leaderVote: first.value });
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
): WrapEpochKeys {
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

export function nothingOf(device: GroupDevice): LogPoint {
  return { device: device.key, seq: 0, hash: null };
}

export function upTo(
  device: GroupDevice,
  seq: number,
  hash: Uint8Array = randomBytes(32),
): LogPoint {
  return { device: device.key, seq, hash };
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

/** Adds a person by one device. */
export function admit(device: GroupDevice, role: Role = 'editor'): Act {
  return { kind: 'add', role, devices: [device.enrolment] };
}

/** Removes a person with all of these devices, and everything that they wrote. */
export function expel(...devices: [GroupDevice, ...GroupDevice[]]): Act {
  const person = devices[0].person.signer.publicKey;
  const frontiers = devices.map(nothingOf).toSorted((a, b) => compareBytes(a.device, b.device));
  return { kind: 'remove', person, frontiers };
}
