// Published vectors of RFC 9420 for what keys are made by: arithmetic of trees, hashes, labels, the key schedule.
import { describe, expect, test } from 'vitest';
import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js';
import { encodeGroupContext, type GroupContext } from 'ts-mls/groupContext.js';
import { refhash } from 'ts-mls/crypto/hash.js';
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js';
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js';
import { initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js';
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js';
import { left, nodeWidth, parent, right, root, sibling, toNodeIndex } from 'ts-mls/treemath.js';
import { toHex } from '../../../../lib/wire/bytes.ts';
import { contextOf, decoded, suiteOf, vectors } from '../../../support/mls-vectors.ts';
import { unhex } from '../../../support/unhex.ts';

/** Hex, as every field of a vector that is not said to be something else. */
type Texts = Readonly<Record<Field, string>>;
type Field =
  | 'label'
  | 'value'
  | 'out'
  | 'secret'
  | 'context'
  | 'content'
  | 'priv'
  | 'pub'
  | 'signature'
  | 'plaintext'
  | 'kem_output'
  | 'ciphertext'
  | 'exporter'
  | 'group_context'
  | 'commit_secret'
  | 'psk_secret'
  | 'joiner_secret'
  | 'welcome_secret'
  | 'encryption_secret'
  | 'init_secret'
  | 'exporter_secret'
  | 'confirmation_key'
  | 'membership_key'
  | 'epoch_authenticator'
  | 'external_secret'
  | 'external_pub'
  | 'tree_hash'
  | 'confirmed_transcript_hash'
  | 'authenticated_content'
  | 'interim_transcript_hash_before'
  | 'confirmed_transcript_hash_after'
  | 'interim_transcript_hash_after';

interface Numbers {
  readonly generation: number;
  readonly length: number;
}
type Relation = readonly (number | null)[];

test('tree-math', async () => {
  interface Tree {
    readonly n_leaves: number;
    readonly n_nodes: number;
    readonly root: number;
    readonly left: Relation;
    readonly right: Relation;
    readonly parent: Relation;
    readonly sibling: Relation;
  }
  for (const tree of await vectors<Tree>('tree-math')) {
    const leaves = tree.n_leaves;
    expect(nodeWidth(leaves)).toBe(tree.n_nodes);
    expect(root(leaves)).toBe(tree.root);
    const all = Array.from({ length: tree.n_nodes }, (_, node) => toNodeIndex(node));
    expect(all.map((node) => orNull(() => left(node)))).toEqual(tree.left);
    expect(all.map((node) => orNull(() => right(node)))).toEqual(tree.right);
    expect(all.map((node) => orNull(() => parent(node, leaves)))).toEqual(tree.parent);
    expect(all.map((node) => orNull(() => sibling(node, leaves)))).toEqual(tree.sibling);
  }
});

interface Basics {
  readonly ref_hash: Texts;
  readonly derive_secret: Texts;
  readonly derive_tree_secret: Texts & Numbers;
  readonly expand_with_label: Texts & Numbers;
  readonly sign_with_label: Texts;
  readonly encrypt_with_label: Texts;
}

describe('crypto-basics', async () => {
  const [basics] = await vectors<Basics>('crypto-basics');
  if (basics === undefined) throw new Error('expected a vector');
  const { hash, kdf, hpke } = await suiteOf();

  test('reference hash', async () => {
    const { label, value, out } = basics.ref_hash;
    expect(toHex(await refhash(label, unhex(value), hash))).toBe(out);
  });

  test('secrets with a label', async () => {
    const plain = basics.derive_secret;
    expect(toHex(await deriveSecret(unhex(plain.secret), plain.label, kdf))).toBe(plain.out);
    const { secret, label, generation, length, out } = basics.derive_tree_secret;
    const inTree = await deriveTreeSecret(unhex(secret), label, generation, length, kdf);
    expect(toHex(inTree)).toBe(out);
    const wide = basics.expand_with_label;
    const labelled = [unhex(wide.secret), wide.label, unhex(wide.context)] as const;
    expect(toHex(await expandWithLabel(...labelled, wide.length, kdf))).toBe(wide.out);
  });

  test('signatures with a label', async () => {
    const { priv, pub, label, content, signature: published } = basics.sign_with_label;
    const { signature } = await suiteOf(priv);
    const [key, said] = [unhex(pub), unhex(content)];
    expect(await verifyWithLabel(key, label, said, unhex(published), signature)).toBe(true);
    expect(await verifyWithLabel(key, 'Other', said, unhex(published), signature)).toBe(false);
    const made = await signWithLabel(new Uint8Array(), label, said, signature);
    expect(await verifyWithLabel(key, label, said, made, signature)).toBe(true);
  });

  test('encryption with a label', async () => {
    const { label, context, plaintext, priv, pub, ...sealed } = basics.encrypt_with_label;
    const opener = await hpke.importPrivateKey(unhex(priv));
    const open = async (enc: Uint8Array, text: Uint8Array) =>
      toHex(await decryptWithLabel(opener, label, unhex(context), enc, text, hpke));
    expect(await open(unhex(sealed.kem_output), unhex(sealed.ciphertext))).toBe(plaintext);
    const to = await hpke.importPublicKey(unhex(pub));
    const made = await encryptWithLabel(to, label, unhex(context), unhex(plaintext), hpke);
    expect(await open(made.enc, made.ct)).toBe(plaintext);
  });
});

interface EpochVector extends Omit<Texts, 'exporter'> {
  readonly exporter: Texts & Numbers;
}

test('key-schedule', async () => {
  interface Schedule {
    readonly group_id: string;
    readonly initial_init_secret: string;
    readonly epochs: readonly EpochVector[];
  }
  for (const schedule of await vectors<Schedule>('key-schedule')) {
    let init = unhex(schedule.initial_init_secret);
    for (const [epoch, expected] of schedule.epochs.entries()) {
      const { tree_hash, confirmed_transcript_hash } = expected;
      const place = { group_id: schedule.group_id, epoch, tree_hash, confirmed_transcript_hash };
      init = await checkEpoch(init, { ...contextOf(place), extensions: [] }, expected);
    }
  }
});

/** The init secret of the next epoch. */
async function checkEpoch(init: Uint8Array, context: GroupContext, expected: EpochVector) {
  const suite = await suiteOf();
  expect(toHex(encodeGroupContext(context))).toBe(expected.group_context);
  const [commit, psk] = [unhex(expected.commit_secret), unhex(expected.psk_secret)];
  const { keySchedule, ...made } = await initializeEpoch(init, commit, context, psk, suite.kdf);
  expect(toHex(made.joinerSecret)).toBe(expected.joiner_secret);
  expect(toHex(made.welcomeSecret)).toBe(expected.welcome_secret);
  expect(toHex(made.encryptionSecret)).toBe(expected.encryption_secret);
  expect(toHex(keySchedule.initSecret)).toBe(expected.init_secret);
  expect(toHex(keySchedule.exporterSecret)).toBe(expected.exporter_secret);
  expect(toHex(keySchedule.confirmationKey)).toBe(expected.confirmation_key);
  expect(toHex(keySchedule.membershipKey)).toBe(expected.membership_key);
  expect(toHex(keySchedule.epochAuthenticator)).toBe(expected.epoch_authenticator);
  const { publicKey } = await suite.hpke.deriveKeyPair(unhex(expected.external_secret));
  expect(toHex(await suite.hpke.exportPublicKey(publicKey))).toBe(expected.external_pub);
  const { label, context: about, length, secret } = expected.exporter;
  const from = keySchedule.exporterSecret;
  expect(toHex(await mlsExporter(from, label, unhex(about), length, suite))).toBe(secret);
  return keySchedule.initSecret;
}

test('transcript-hashes', async () => {
  const { hash } = await suiteOf();
  for (const vector of await vectors<Texts>('transcript-hashes')) {
    const message = decoded(decodeAuthenticatedContent, vector.authenticated_content);
    const { content, auth, wireformat } = message;
    if (content.contentType !== 'commit' || auth.contentType !== 'commit') {
      throw new Error('expected a Commit');
    }
    const input = { wireformat, content, signature: auth.signature };
    const before = unhex(vector.interim_transcript_hash_before);
    const confirmed = await createConfirmedHash(before, input, hash);
    expect(toHex(confirmed)).toBe(vector.confirmed_transcript_hash_after);
    const key = unhex(vector.confirmation_key);
    expect(await hash.verifyMac(key, auth.confirmationTag, confirmed)).toBe(true);
    const interim = await createInterimHash(confirmed, auth.confirmationTag, hash);
    expect(toHex(interim)).toBe(vector.interim_transcript_hash_after);
  }
});

function orNull(compute: () => number): number | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
