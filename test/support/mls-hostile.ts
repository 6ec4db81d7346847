// What hostile stewards, members and strangers make of MLS messages, to be put into certified control entries.
import { expect } from 'vitest';
import { extractWelcomeSecret } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import type { MLSMessage } from 'ts-mls/message.js';
import { encodeRatchetTree, type Node } from 'ts-mls/ratchetTree.js';
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js';
import { commitmentTo } from '../../lib/group/epoch-secrets.ts';
import { beginGroup, commitTo, decodeGroup } from '../../lib/group/mls-group.ts';
import { mlsDevice, readKeyPackage } from '../../lib/group/mls-key-package.ts';
import { mlsSuite } from '../../lib/group/mls-suite.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import type { MlsEpoch } from '../../lib/wire/control-epoch.ts';
import { decodeCertified, decodeControlEntry, type ControlEntry } from '../../lib/wire/control.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { forge, type Change } from './group.ts';
import { admit } from './group-people.ts';
import {
  catchUp,
  createMlsDevice,
  decide,
  draft,
  hear,
  nodeOf,
  startMlsSpace,
  type MlsNode,
  type MlsSpace,
  type MlsTestDevice,
} from './mls.ts';
import { contextWith } from './mls-vectors.ts';

/** A space of a founder, Ada and Bob, all of one mind. */
export async function threeOfThem() {
  const space = await startMlsSpace();
  const [ada, bob] = [await createMlsDevice(), await createMlsDevice()];
  unwrap(await decide(space, { acts: [admit(ada), admit(bob)] }));
  const [adas, bobs] = [await nodeOf(space, ada), await nodeOf(space, bob)];
  for (const node of [adas, bobs]) await catchUp(space, node);
  return { space, adas, bobs };
}

/** What the founder would draft, with its epoch's messages bent. */
export async function bent(
  { founder }: MlsSpace,
  change: Change,
  bend: (part: MlsEpoch) => Partial<MlsEpoch>,
): Promise<ControlEntry> {
  const entry = unwrap(decodeControlEntry(unwrap(await draft(founder, change))));
  if (entry.epoch?.scheme !== 'mls') throw new Error('expected an epoch of an MLS group');
  return { ...entry, epoch: { ...entry.epoch, ...bend(entry.epoch) } };
}

export function messagesIn(space: MlsSpace): MlsEpoch[] {
  return space.entries.flatMap((bytes) => {
    const { epoch } = unwrap(decodeControlEntry(unwrap(decodeCertified(bytes)).entryBytes));
    return epoch?.scheme === 'mls' ? [epoch] : [];
  });
}

/** Everyone takes the entry as decided, and what a node says of it. */
export async function heardBy(
  space: MlsSpace,
  node: MlsNode,
  entry: ControlEntry,
): Promise<string[]> {
  await hear(node, await forge(entry, [space.founder.device]));
  expect(node.log.tip().height).toBe(entry.height);
  return node.complaints;
}

export const GARBAGE: [string, () => Uint8Array][] = [
  ['random bytes', () => randomBytes(400)],
  ['a long run of ones', () => new Uint8Array(60_000).fill(0xff)],
  ['a message of a version that is none', () => Uint8Array.of(0xff, 0xff, 0, 1, 0)],
  ['lengths that lead nowhere', () => Uint8Array.of(0, 1, 0, 1, 0xbf, 0xff, 0xff, 0xff)],
];

export function deviceOf(device: MlsTestDevice) {
  const { key, person, enrolment } = device;
  return { key, person: person.id, wrapKey: enrolment.wrapKey, keyPackage: device.stored.bytes };
}

/** A Commit by a node's own group state, for whatever members it likes. */
export async function commitOf(node: MlsNode, devices: Parameters<typeof commitTo>[2]) {
  const own = await mlsDevice(node.device.signer, node.device.stored);
  const group = decodeGroup(node.memory.record?.group ?? new Uint8Array());
  const step = group
    ? await commitTo(own, group, devices, [])
    : await beginGroup(own, node.log.tip().space, devices);
  if (step === null) throw new Error('expected a Commit');
  const commitment = commitmentTo(node.log.tip().space, randomBytes(32));
  return { commit: step.commit, welcome: step.welcome, commitment };
}

/** A Welcome that opens for a device, to a tree of so many blank nodes and one leaf at its end. */
export async function wideWelcome(
  { signer, stored }: MlsTestDevice,
  blanks: number,
): Promise<MLSMessage> {
  const suite = await mlsSuite(signer);
  const keyPackage = readKeyPackage(stored.bytes, signer.publicKey);
  if (keyPackage === null) throw new Error('expected a KeyPackage');
  const leaf = { nodeType: 'leaf', leaf: keyPackage.leafNode } as const;
  const joinerSecret = randomBytes(32);
  const none = new Uint8Array(32);
  const info = {
    groupContext: contextWith(NOWHERE, none),
    extensions: [
      { extensionType: 'ratchet_tree', extensionData: treeAfter(blanks, leaf) } as const,
    ],
    confirmationTag: none,
    signer: blanks / 2,
    signature: new Uint8Array(64),
  };
  const welcomeSecret = await extractWelcomeSecret(joinerSecret, none, suite.kdf);
  const encryptedGroupInfo = await encryptGroupInfo(info, welcomeSecret, suite);
  const to = await suite.hpke.importPublicKey(keyPackage.initKey);
  const secrets = { joinerSecret, pathSecret: undefined, psks: [] };
  const sealed = await encryptGroupSecrets(to, encryptedGroupInfo, secrets, suite.hpke);
  const newMember = await makeKeyPackageRef(keyPackage, suite.hash);
  const encryptedGroupSecrets = { kemOutput: sealed.enc, ciphertext: sealed.ct };
  const rest = { cipherSuite: suite.name, encryptedGroupInfo };
  const welcome = { ...rest, secrets: [{ newMember, encryptedGroupSecrets }] };
  return { version: 'mls10', wireformat: 'mls_welcome', welcome };
}

const NOWHERE = { group_id: '00', epoch: 1, confirmed_transcript_hash: '' };

/** By hand, since the library does not write so long a list. */
function treeAfter(blanks: number, leaf: Node): Uint8Array {
  const node = encodeRatchetTree([leaf]).slice(2);
  const bytes = new Uint8Array(4 + blanks + node.length);
  new DataView(bytes.buffer).setUint32(0, (0x8000_0000 + blanks + node.length) >>> 0);
  bytes.set(node, 4 + blanks);
  return bytes;
}
