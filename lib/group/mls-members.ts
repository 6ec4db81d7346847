// Who may be in an MLS group: exactly the devices that the control log has in the space. This is our authentication service
// (RFC 9420, section 5.3.1): no credential is believed that the control log does not know.
import type { AuthenticationService } from 'ts-mls/authenticationService.js';
import { defaultClientConfig, type ClientConfig } from 'ts-mls/clientConfig.js';
import type { RatchetTree } from 'ts-mls/ratchetTree.js';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { KeyId } from './control-state.ts';
import { identityOf } from './mls-key-package.ts';

export type Members = ReadonlySet<KeyId>;

/** A credential names the device whose key signs, and that device is in. */
export function authenticationOf(members: Members): AuthenticationService {
  return {
    validateCredential: async (credential, key) =>
      credential.credentialType === 'basic' &&
      equalBytes(credential.identity, identityOf(key)) &&
      members.has(toHex(key)),
  };
}

export function configFor(members: Members): ClientConfig {
  return { ...defaultClientConfig, authService: authenticationOf(members) };
}

/** The signature key of the leaf at an index, or null. */
export function deviceAt(tree: RatchetTree, leafIndex: number): Uint8Array | null {
  const node = tree[leafIndex * 2];
  return node?.nodeType === 'leaf' ? node.leaf.signaturePublicKey : null;
}

/** Devices (hex) in the tree, with the index of their leaf. */
export function leavesOf(tree: RatchetTree): ReadonlyMap<KeyId, number> {
  const leaves = tree.flatMap((node, index): [KeyId, number][] =>
    node?.nodeType === 'leaf' ? [[toHex(node.leaf.signaturePublicKey), index / 2]] : [],
  );
  return new Map(leaves);
}

/** Whether the leaves are these devices, each once, and no encryption key stands in the tree twice (section 7.3). */
export function isTreeOf(tree: RatchetTree, members: Members): boolean {
  const nodes = tree.filter((node) => node !== undefined);
  const leaves = nodes.filter((node) => node.nodeType === 'leaf').length;
  const devices = leavesOf(tree);
  const keys = nodes.map((node) =>
    toHex(node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey),
  );
  return (
    new Set(keys).size === keys.length &&
    leaves === members.size &&
    devices.size === members.size &&
    [...devices.keys()].every((device) => members.has(device))
  );
}
