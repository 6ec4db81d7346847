// Into an MLS group by a Welcome (RFC 9420, section 12.4.3.1): looked over before the library takes it up.
import { joinGroup, makePskIndex, type ClientState } from 'ts-mls/clientState.js';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef, type KeyPackage } from 'ts-mls/keyPackage.js';
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from 'ts-mls/welcome.js';
import { equalBytes } from '../wire/bytes.ts';
import { MAX_MLS_DEVICES } from './control-state.ts';
import { privateHalfOf, readKeyPackage, type MlsDevice } from './mls-key-package.ts';
import { configFor, deviceAt, type Members } from './mls-members.ts';

/** Leaves are filled from the left, so a group of so many devices never has a wider tree. */
const MAX_TREE_NODES = 2 * MAX_MLS_DEVICES - 1;

/** Whether a Welcome has something for this device. */
export async function hasSecretsFor(own: MlsDevice, { secrets }: Welcome): Promise<boolean> {
  const keyPackage = readKeyPackage(own.stored.bytes, own.key);
  if (keyPackage === null) return false;
  const ref = await makeKeyPackageRef(keyPackage, own.suite.hash);
  return secrets.some(({ newMember }) => equalBytes(newMember, ref));
}

/** The group behind a Welcome by this device's hand, or null; throws, too, when something in it does not hold. */
export async function enter(
  own: MlsDevice,
  welcome: Welcome,
  proposer: Uint8Array,
  members: Members,
): Promise<ClientState | null> {
  const keyPackage = readKeyPackage(own.stored.bytes, own.key);
  if (keyPackage === null || !(await isProper(own, keyPackage, welcome, proposer))) return null;
  return joinGroup(
    welcome,
    keyPackage,
    privateHalfOf(own.stored),
    makePskIndex(undefined, {}),
    own.suite,
    undefined,
    undefined,
    configFor(members),
  );
}

/** Signed by the proposer's leaf, with a tree of a size that can be, and without pre-shared keys. */
async function isProper(
  { stored, suite }: MlsDevice,
  keyPackage: KeyPackage,
  welcome: Welcome,
  proposer: Uint8Array,
): Promise<boolean> {
  const ref = await makeKeyPackageRef(keyPackage, suite.hash);
  const opener = await suite.hpke.importPrivateKey(stored.initKey);
  const secrets = await decryptGroupSecrets(opener, ref, welcome, suite.hpke);
  if (secrets === undefined || secrets.psks.length > 0) return false;
  const noPsk = new Uint8Array(suite.kdf.size);
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, noPsk, suite);
  const tree = info && ratchetTreeFromExtension(info);
  if (tree === undefined || tree.length > MAX_TREE_NODES) return false;
  const signer = deviceAt(tree, info?.signer ?? 0);
  return signer !== null && equalBytes(signer, proposer);
}
