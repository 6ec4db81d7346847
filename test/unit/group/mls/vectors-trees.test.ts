// Published vectors of RFC 9420 for ratchet trees: proposals applied, hashes, and the secrets along update paths.
import { expect, test } from 'vitest';
import { applyUpdatePathSecret } from 'ts-mls/createCommit.js';
import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { getCommitSecret } from 'ts-mls/pathSecrets.js';
import { toPrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { decodeProposal, type Proposal } from 'ts-mls/proposal.js';
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
  type RatchetTree,
} from 'ts-mls/ratchetTree.js';
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js';
import { toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { applyUpdatePath, createUpdatePath, decodeUpdatePath } from 'ts-mls/updatePath.js';
import { toHex } from '../../../../lib/wire/bytes.ts';
import { contextWith, decoded, suiteOf, vectors } from '../../../support/mls-vectors.ts';
import { unhex } from '../../../support/unhex.ts';

test('tree-operations', async () => {
  interface Operation {
    readonly tree_before: string;
    readonly tree_hash_before: string;
    readonly proposal: string;
    readonly proposal_sender: number;
    readonly tree_after: string;
    readonly tree_hash_after: string;
  }
  const { hash } = await suiteOf();
  for (const operation of await vectors<Operation>('tree-operations')) {
    const before = decoded(decodeRatchetTree, operation.tree_before);
    expect(toHex(await treeHashRoot(before, hash))).toBe(operation.tree_hash_before);
    const proposal = decoded(decodeProposal, operation.proposal);
    const after = applyProposal(before, proposal, operation.proposal_sender);
    expect(toHex(encodeRatchetTree(after))).toBe(operation.tree_after);
    expect(toHex(await treeHashRoot(after, hash))).toBe(operation.tree_hash_after);
  }
});

function applyProposal(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case 'add':
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
    case 'update':
      return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender));
    case 'remove':
      return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
    default:
      throw new Error('expected a proposal that changes the tree');
  }
}

test('tree-validation', async () => {
  interface Tree {
    readonly tree: string;
    readonly group_id: string;
    readonly tree_hashes: readonly string[];
    readonly resolutions: readonly (readonly number[])[];
  }
  const { hash, signature } = await suiteOf();
  for (const vector of await vectors<Tree>('tree-validation')) {
    const tree = decoded(decodeRatchetTree, vector.tree);
    for (const [node, expected] of vector.tree_hashes.entries()) {
      expect(toHex(await treeHash(tree, toNodeIndex(node), hash))).toBe(expected);
    }
    for (const [node, expected] of vector.resolutions.entries()) {
      expect(resolution(tree, toNodeIndex(node))).toEqual(expected);
    }
    expect(await verifyParentHashes(tree, hash)).toBe(true);
    for (const [index, node] of tree.entries()) {
      if (node?.nodeType !== 'leaf') continue;
      const place = [unhex(vector.group_id), index / 2] as const;
      expect(await verifyLeafNodeSignature(node.leaf, ...place, signature)).toBe(true);
    }
  }
});

interface TreeKem {
  readonly group_id: string;
  readonly epoch: number;
  readonly confirmed_transcript_hash: string;
  readonly ratchet_tree: string;
  readonly leaves_private: readonly {
    readonly index: number;
    readonly encryption_priv: string;
    readonly signature_priv: string;
    readonly path_secrets: readonly { readonly node: number; readonly path_secret: string }[];
  }[];
  readonly update_paths: readonly {
    readonly sender: number;
    readonly update_path: string;
    readonly path_secrets: readonly (string | null)[];
    readonly commit_secret: string;
    readonly tree_hash_after: string;
  }[];
}

test('treekem', async () => {
  const suite = await suiteOf();
  for (const vector of await vectors<TreeKem>('treekem')) {
    const tree = decoded(decodeRatchetTree, vector.ratchet_tree);
    const privates = await Promise.all(
      vector.leaves_private.map(async (leaf) => {
        const secrets = leaf.path_secrets.map(({ node, path_secret }) => [
          node,
          unhex(path_secret),
        ]);
        const path = await toPrivateKeyPath(Object.fromEntries(secrets), leaf.index, suite);
        const own = { [leaf.index * 2]: unhex(leaf.encryption_priv) };
        return { ...path, privateKeys: { ...path.privateKeys, ...own } };
      }),
    );
    for (const step of vector.update_paths) {
      const sender = toLeafIndex(step.sender);
      const path = decoded(decodeUpdatePath, step.update_path);
      const after = await applyUpdatePath(tree, sender, path, suite.hash);
      const hashAfter = await treeHashRoot(after, suite.hash);
      expect(toHex(hashAfter)).toBe(step.tree_hash_after);
      const context = contextWith(vector, hashAfter);
      for (const own of privates.filter(({ leafIndex }) => leafIndex !== step.sender)) {
        const found = await applyUpdatePathSecret(after, own, sender, context, path, [], suite);
        expect(toHex(found.pathSecret)).toBe(step.path_secrets[own.leafIndex]);
        const at = toNodeIndex(Number(found.nodeIndex));
        const secret = await getCommitSecret(after, at, found.pathSecret, suite.kdf);
        expect(toHex(secret)).toBe(step.commit_secret);
      }
      await makeAnother(vector, tree, privates, step.sender);
    }
  }
});

/** An update path of our own making, which everyone else must find the same secret by. */
async function makeAnother(
  vector: TreeKem,
  tree: RatchetTree,
  privates: readonly Parameters<typeof applyUpdatePathSecret>[1][],
  index: number,
): Promise<void> {
  const leaf = vector.leaves_private.find((each) => each.index === index);
  const suite = await suiteOf(leaf?.signature_priv);
  const sender = toLeafIndex(index);
  const before = contextWith(vector, await treeHashRoot(tree, suite.hash));
  const made = await createUpdatePath(tree, sender, before, new Uint8Array(), suite);
  const [after, path, secrets] = made;
  const top = secrets.at(-1);
  if (top === undefined) throw new Error('expected a secret at the root');
  const at = toNodeIndex(top.nodeIndex);
  const expected = await getCommitSecret(after, at, top.secret, suite.kdf);
  const hashAfter = await treeHashRoot(after, suite.hash);
  const context = contextWith(vector, hashAfter, vector.epoch + 1);
  for (const own of privates.filter(({ leafIndex }) => leafIndex !== index)) {
    const found = await applyUpdatePathSecret(after, own, sender, context, path, [], suite);
    const from = toNodeIndex(Number(found.nodeIndex));
    const secret = await getCommitSecret(after, from, found.pathSecret, suite.kdf);
    expect(toHex(secret)).toBe(toHex(expected));
  }
}
