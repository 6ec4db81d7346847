// An MLS group (RFC 9420) as a space uses it: Commits and Welcomes travel in control entries, one epoch after another, and
// all that is taken out of it is one exported secret for each epoch. What others send is hostile until it has been checked.
import {
  createGroup,
  decodeGroupState,
  encodeGroupState,
  makePskIndex,
  type ClientState,
  type GroupState,
} from 'ts-mls/clientState.js';
import { createCommit } from 'ts-mls/createCommit.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import { processPublicMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import type { PublicMessage } from 'ts-mls/publicMessage.js';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Device, KeyId } from './control-state.ts';
import { privateHalfOf, readKeyPackage, type MlsDevice } from './mls-key-package.ts';
import { configFor, deviceAt, isTreeOf, leavesOf, type Members } from './mls-members.ts';
import { enter, hasSecretsFor } from './mls-welcome.ts';

/** Opaque to others, who keep it encoded. */
export type MlsGroup = GroupState;

export interface MlsDraft {
  readonly group: MlsGroup;
  readonly commit: Uint8Array | null;
  readonly welcome: Uint8Array | null;
}

/** What an entry must lead to: in this space, by this device's hand, with these members. */
export interface Expected {
  readonly space: Uint8Array;
  readonly proposer: Uint8Array;
  readonly members: Members;
}

const EXPORTER_LABEL = 'commonplace epoch';
const EXPORTED_BYTES = 32;

/** A new group of one's own device and, by a Welcome, all the others. Null: a KeyPackage is no good. */
export function beginGroup(
  own: MlsDevice,
  space: Uint8Array,
  devices: readonly Device[],
): Promise<MlsDraft | null> {
  return orNull(async () => {
    const keyPackage = readKeyPackage(own.stored.bytes, own.key);
    const others = devices.filter(({ key }) => !equalBytes(key, own.key));
    const adds = addsOf(others);
    if (keyPackage === null || adds === null) return null;
    const config = configFor(idsOf(devices));
    const keys = privateHalfOf(own.stored);
    const alone = await createGroup(space, keyPackage, keys, [], own.suite, config);
    if (adds.length === 0) return { group: lean(alone), commit: null, welcome: null };
    const draft = await commitProposals(own, alone, adds);
    return { ...draft, commit: null };
  });
}

/**
 * A Commit that makes the group's members these devices, one's own among them; others in `again` go out and come in by
 * the same step, oneself is renewed by it. Null: a KeyPackage is no good.
 */
export function commitTo(
  own: MlsDevice,
  group: MlsGroup,
  devices: readonly Device[],
  again: readonly KeyId[],
): Promise<MlsDraft | null> {
  return orNull(async () => {
    const leaves = leavesOf(group.ratchetTree);
    const after = idsOf(devices);
    const anew = new Set(again.filter((id) => id !== toHex(own.key)));
    const removes = [...leaves]
      .filter(([id]) => !after.has(id) || anew.has(id))
      .map(([, removed]): Proposal => ({ proposalType: 'remove', remove: { removed } }));
    const adds = addsOf(
      devices.filter(({ key }) => !leaves.has(toHex(key)) || anew.has(toHex(key))),
    );
    if (adds === null) return null;
    const state = { ...group, clientConfig: configFor(after) };
    return commitProposals(own, state, [...removes, ...adds]);
  });
}

/** The group after another's Commit, or null when it is none that may be. */
export function takeCommit(
  own: MlsDevice,
  group: MlsGroup,
  bytes: Uint8Array,
  expected: Expected,
): Promise<MlsGroup | null> {
  return orNull(async () => {
    const message = readMessage(bytes);
    if (message?.wireformat !== 'mls_public_message') return null;
    const { publicMessage } = message;
    if (!isPlainCommit(publicMessage, group, expected.proposer)) return null;
    const state = { ...group, clientConfig: configFor(expected.members) };
    const psks = makePskIndex(undefined, {});
    const { newState } = await processPublicMessage(state, publicMessage, psks, own.suite);
    return isAsExpected(newState, expected) ? lean(newState) : null;
  });
}

/** Whether a Welcome has something for this device. */
export async function isWelcomed(own: MlsDevice, bytes: Uint8Array): Promise<boolean> {
  const found = await orNull(async () => {
    const message = readMessage(bytes);
    return message?.wireformat === 'mls_welcome' && hasSecretsFor(own, message.welcome);
  });
  return found === true;
}

/** The group that a Welcome leads to, or null when it is not for this device or not as it should be. */
export function joinBy(
  own: MlsDevice,
  bytes: Uint8Array,
  expected: Expected,
): Promise<MlsGroup | null> {
  return orNull(async () => {
    const message = readMessage(bytes);
    if (message?.wireformat !== 'mls_welcome') return null;
    const { proposer, members } = expected;
    const state = await enter(own, message.welcome, proposer, members);
    return state !== null && isAsExpected(state, expected) ? lean(state) : null;
  });
}

/** 32 bytes: what the space's keys of this epoch come from (RFC 9420, section 8.5). */
export function exportSecret(own: MlsDevice, { keySchedule, groupContext }: MlsGroup) {
  const { exporterSecret } = keySchedule;
  const { groupId } = groupContext;
  return mlsExporter(exporterSecret, EXPORTER_LABEL, groupId, EXPORTED_BYTES, own.suite);
}

export function encodeGroup(group: MlsGroup): Uint8Array {
  return encodeGroupState(group);
}

/** Null for what this version cannot read. */
export function decodeGroup(bytes: Uint8Array): MlsGroup | null {
  return decodeGroupState(bytes, 0)?.[0] ?? null;
}

async function commitProposals(
  own: MlsDevice,
  state: ClientState,
  extraProposals: Proposal[],
): Promise<MlsDraft> {
  const { newState, commit, welcome } = await createCommit(
    { state, cipherSuite: own.suite },
    { extraProposals, wireAsPublicMessage: true, ratchetTreeExtension: true },
  );
  return {
    group: lean(newState),
    commit: encodeMlsMessage(commit),
    welcome:
      welcome === undefined
        ? null
        : encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome }),
  };
}

/** Without keys of application messages and of past epochs: this group carries none, so nothing of them is kept. */
function lean(state: ClientState): MlsGroup {
  const { groupContext, keySchedule, ratchetTree, privatePath } = state;
  const { signaturePrivateKey, confirmationTag, groupActiveState } = state;
  const kept = { groupContext, keySchedule, ratchetTree, privatePath, signaturePrivateKey };
  const none = { secretTree: [], historicalReceiverData: new Map(), unappliedProposals: {} };
  return { ...kept, ...none, confirmationTag, groupActiveState };
}

function idsOf(devices: readonly Device[]): Members {
  return new Set(devices.map(({ key }) => toHex(key)));
}

function addsOf(devices: readonly Device[]): Proposal[] | null {
  const packages = devices.map(({ key, keyPackage }): KeyPackage | null =>
    keyPackage === null ? null : readKeyPackage(keyPackage, key),
  );
  const known = packages.filter((keyPackage) => keyPackage !== null);
  if (known.length < packages.length) return null;
  return known.map((keyPackage) => ({ proposalType: 'add', add: { keyPackage } }));
}

/** By the very device that drafted the entry, and with nothing in it but who comes and who goes. */
function isPlainCommit({ content }: PublicMessage, group: MlsGroup, proposer: Uint8Array): boolean {
  if (content.contentType !== 'commit' || content.sender.senderType !== 'member') return false;
  const committer = deviceAt(group.ratchetTree, content.sender.leafIndex);
  if (committer === null || !equalBytes(committer, proposer)) return false;
  return content.commit.proposals.every(
    (each) =>
      each.proposalOrRefType === 'proposal' &&
      (each.proposal.proposalType === 'add' || each.proposal.proposalType === 'remove'),
  );
}

function isAsExpected(state: ClientState, { space, members }: Expected): boolean {
  return (
    state.groupActiveState.kind === 'active' &&
    equalBytes(state.groupContext.groupId, space) &&
    state.groupContext.extensions.length === 0 &&
    isTreeOf(state.ratchetTree, members)
  );
}

function readMessage(bytes: Uint8Array): MLSMessage | null {
  const [message, length] = decodeMlsMessage(bytes, 0) ?? [null, 0];
  return length === bytes.length ? message : null;
}

/** The library throws on whatever does not hold, and on what it cannot read. */
async function orNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
