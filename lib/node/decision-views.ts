// What stewards are deciding, in the panel's words: what it is about, who wants it, and whom it waits for.
import { currentEpoch, quorumOf, stewardsOf, type KeyId } from '../group/control-state.ts';
import type { WeighedMotion } from '../group/motions.ts';
import { readCertificate } from '../identity/certificate.ts';
import { didOfKey } from '../identity/did-key.ts';
import type { DecisionView, GroupView } from '../messaging/group-view.ts';
import { NO_GROUP_VIEW } from '../messaging/group-view.ts';
import type { Member } from '../space/members.ts';
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import type { SignedComplaint } from '../wire/complaint.ts';
import type { Act, Role } from '../wire/control-act.ts';
import { personIn } from './council-parts.ts';
import type { Desk } from './desk.ts';
import type { HeldSpace } from './held-space.ts';
import { lateWorkIn } from './late-work.ts';
import { approvalsNeeded } from './texts/proposals.ts';

type Members = ReadonlyMap<string, Member>;

export async function readGroup(desk: Desk, held: HeldSpace, members: Members): Promise<GroupView> {
  const state = held.group?.log.tip();
  const council = desk.stewardship.council(held);
  if (state === undefined || council === null) return NO_GROUP_VIEW;
  const open = council.motions();
  const decisions = await Promise.all(
    open.map((motion) => viewOf(desk, held, members, motion, council.votersFor(motion))),
  );
  return {
    ...NO_GROUP_VIEW,
    stewards: stewardsOf(state).length,
    needed: quorumOf(state),
    approvals: approvalsNeeded(state),
    decisions,
    lateWork: (await lateWorkIn(desk, held)).map(({ device, person, count }) => ({
      device,
      name: nameOf(members, person),
      count,
    })),
    complaints: desk.stewardship
      .complaints(held)
      .map((each) => complaintWords(desk, held, members, each)),
  };
}

/** What a complaint says, to the one who made it and to everyone else. */
function complaintWords(
  desk: Desk,
  { group }: HeldSpace,
  members: Members,
  { device, steward }: SignedComplaint,
): string {
  const own = equalBytes(device, desk.profile().signer.publicKey);
  const nameOfDevice = (key: Uint8Array) => {
    const state = group?.log.tip();
    const person = (state?.devices.get(toHex(key)) ?? state?.gone.get(toHex(key)))?.person;
    return person === undefined ? 'someone' : nameOf(members, person);
  };
  return own
    ? `The key that ${nameOfDevice(steward)}’s device gave this browser does not open the space. This browser has asked for a new one.`
    : `${nameOfDevice(device)}’s device says that the key it got from ${nameOfDevice(steward)}’s device does not open the space.`;
}

async function viewOf(
  desk: Desk,
  held: HeldSpace,
  members: Members,
  motion: WeighedMotion,
  voters: ReadonlySet<KeyId>,
): Promise<DecisionView> {
  const me = personIn(desk.profile());
  const { consents, refusals, isReady, draft, person } = motion;
  const name = (key: KeyId) => (key === me ? 'you' : nameOf(members, key));
  const stewards = held.group === null ? [] : stewardsOf(held.group.log.tip());
  const silent = stewards.filter((key) => !consents.has(key) && !refusals.has(key));
  const absent = [...consents].filter((key) => !voters.has(key));
  const what = await Promise.all(draft.entry.acts.map((act) => wordsFor(desk, held, members, act)));
  return {
    id: motion.id,
    what: what.length > 0 ? what.join(', and ') : keyWords(held, motion),
    by: name(person),
    mine: person === me,
    confirmed: [...consents].map(name),
    declined: [...refusals].map(name),
    waitingFor: isReady ? [] : silent.map(name),
    devicesMissing: isReady ? absent.map(name) : [],
    answer: refusals.has(me) ? 'no' : consents.has(me) ? 'yes' : null,
  };
}

/** What people call themselves; keys have no names. */
export function nameOf(members: Members, person: KeyId): string {
  const key = fromHex(person);
  const did = key === null ? '' : didOfKey(key);
  return [...members.values()].findLast((member) => member.person === did)?.name ?? 'someone';
}

async function wordsFor(desk: Desk, held: HeldSpace, members: Members, act: Act): Promise<string> {
  const state = held.group?.log.tip();
  const named = (key: Uint8Array) => nameOf(members, toHex(key));
  const owner = (device: Uint8Array) => {
    const person =
      state?.devices.get(toHex(device))?.person ?? state?.gone.get(toHex(device))?.person;
    return person === undefined ? 'someone' : nameOf(members, person);
  };
  switch (act.kind) {
    case 'add':
      return `let ${await newcomerIn(desk, held, act.devices[0]?.certificate)} in`;
    case 'add_device':
      return 'let another device in';
    case 'revoke_device':
      return `take a device of ${owner(act.frontier.device)}’s out`;
    case 'remove':
      return `remove ${named(act.person)} from the space`;
    case 'leave':
      return `let ${named(act.person)} leave`;
    case 'extend_frontier':
      return `take in what ${owner(act.frontier.device)} wrote late`;
    case 'role':
      return roleWords(named(act.person), act.role);
    case 'voter':
      return `let another device of ${owner(act.device)}’s vote`;
    case 'policy':
      return act.policy.admit === 'by_hand'
        ? 'ask before someone with the link comes in'
        : 'let everyone in who has the link';
    case 'fork_cut':
      return `settle which of two histories of ${owner(act.keep.device)}’s counts`;
    case 'checkpoint':
      return 'certify what the space holds now';
    case 'promote':
      return 'make a draft the version that counts';
  }
}

function roleWords(name: string, role: Role): string {
  return {
    steward: `make ${name} a steward`,
    editor: `let ${name} read and write`,
    commenter: `let ${name} read and annotate, no more`,
    reader: `let ${name} only read`,
  }[role];
}

function keyWords({ group }: HeldSpace, { draft: { entry } }: WeighedMotion): string {
  const running = group === null ? 0 : currentEpoch(group.log.tip()).number;
  return entry.epoch?.number === running ? 'hand out the key once more' : 'draw a new key';
}

/** Someone who is let in has said their name in the lobby only. */
async function newcomerIn(
  { lobbies }: Desk,
  { record }: HeldSpace,
  certificate: Uint8Array | undefined,
): Promise<string> {
  const read = certificate === undefined ? null : await readCertificate(certificate);
  if (read?.ok !== true) return 'someone';
  const { deviceKey } = read.value;
  const asking = lobbies.requests(record.id).find(({ device }) => {
    const key = fromHex(device);
    return key !== null && equalBytes(key, deviceKey);
  });
  return asking?.name ?? 'someone';
}
