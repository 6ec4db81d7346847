// Published vectors of RFC 9420 for messages: protected ones, Welcomes, and whole lives of a client that only listens.
import { expect, test } from 'vitest';
import { joinGroup, makePskIndex } from 'ts-mls/clientState.js';
import { encodeCommit } from 'ts-mls/commit.js';
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { acceptAll } from 'ts-mls/incomingMessageAction.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { defaultKeyRetentionConfig } from 'ts-mls/keyRetentionConfig.js';
import { decodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { processMessage } from 'ts-mls/processMessages.js';
import { encodeProposal } from 'ts-mls/proposal.js';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { toHex } from '../../../../lib/wire/bytes.ts';
import { contextOf, decoded, IS_WHOLE, suiteOf, vectors } from '../../../support/mls-vectors.ts';
import { unhex } from '../../../support/unhex.ts';

function messageOf<W extends MLSMessage['wireformat']>(hex: string, wireformat: W) {
  const message = decoded(decodeMlsMessage, hex);
  if (message.wireformat !== wireformat) throw new Error(`expected ${wireformat}`);
  // Just compared, which the compiler does not follow through a type parameter.
  return message as Extract<MLSMessage, { wireformat: W }>;
}

interface Protected {
  readonly group_id: string;
  readonly epoch: number;
  readonly tree_hash: string;
  readonly confirmed_transcript_hash: string;
  readonly signature_pub: string;
  readonly encryption_secret: string;
  readonly sender_data_secret: string;
  readonly membership_key: string;
  readonly proposal: string;
  readonly proposal_priv: string;
  readonly proposal_pub: string;
  readonly commit: string;
  readonly commit_priv: string;
  readonly commit_pub: string;
}

test('message-protection', async () => {
  const suite = await suiteOf();
  for (const vector of await vectors<Protected>('message-protection')) {
    const context = { ...contextOf(vector), extensions: [] };
    const signer = unhex(vector.signature_pub);
    const fromPublic = async (hex: string) => {
      const { publicMessage } = messageOf(hex, 'mls_public_message');
      const key = unhex(vector.membership_key);
      return unprotectPublicMessage(key, context, [], publicMessage, suite, signer);
    };
    const fromPrivate = async (hex: string) => {
      const { privateMessage } = messageOf(hex, 'mls_private_message');
      const secrets = await createSecretTree(2, unhex(vector.encryption_secret), suite.kdf);
      const leaf = decoded(decodeRatchetTree, await someTree());
      const { content } = await unprotectPrivateMessage(
        unhex(vector.sender_data_secret),
        privateMessage,
        secrets,
        leaf,
        context,
        defaultKeyRetentionConfig,
        suite,
        signer,
      );
      return content;
    };
    for (const read of [
      await fromPublic(vector.proposal_pub),
      await fromPrivate(vector.proposal_priv),
    ]) {
      if (read.content.contentType !== 'proposal') throw new Error('expected a proposal');
      expect(toHex(encodeProposal(read.content.proposal))).toBe(vector.proposal);
    }
    for (const read of [
      await fromPublic(vector.commit_pub),
      await fromPrivate(vector.commit_priv),
    ]) {
      if (read.content.contentType !== 'commit') throw new Error('expected a Commit');
      expect(toHex(encodeCommit(read.content.commit))).toBe(vector.commit);
    }
    const otherKey = unhex(vector.sender_data_secret);
    const { publicMessage } = messageOf(vector.commit_pub, 'mls_public_message');
    await expect(
      unprotectPublicMessage(otherKey, context, [], publicMessage, suite, signer),
    ).rejects.toThrow();
  }
});

/** Any tree of two leaves: whose key signs is given beside it. */
async function someTree(): Promise<string> {
  const trees = await vectors<{ readonly tree: string }>('tree-validation');
  const found = trees.find(({ tree }) => decoded(decodeRatchetTree, tree)[2]?.nodeType === 'leaf');
  return found?.tree ?? '';
}

test('welcome', async () => {
  interface Welcomed {
    readonly init_priv: string;
    readonly key_package: string;
    readonly signer_pub: string;
    readonly welcome: string;
  }
  const suite = await suiteOf();
  for (const vector of await vectors<Welcomed>('welcome')) {
    const { welcome } = messageOf(vector.welcome, 'mls_welcome');
    const { keyPackage } = messageOf(vector.key_package, 'mls_key_package');
    const ref = await makeKeyPackageRef(keyPackage, suite.hash);
    const opener = await suite.hpke.importPrivateKey(unhex(vector.init_priv));
    const secrets = await decryptGroupSecrets(opener, ref, welcome, suite.hpke);
    if (secrets === undefined) throw new Error('expected secrets');
    const none = new Uint8Array(suite.kdf.size);
    const info = await decryptGroupInfo(welcome, secrets.joinerSecret, none, suite);
    if (info === undefined) throw new Error('expected a GroupInfo');
    const { joinerSecret } = secrets;
    expect(await verifyGroupInfoConfirmationTag(info, joinerSecret, none, suite)).toBe(true);
    const signer = unhex(vector.signer_pub);
    expect(await verifyGroupInfoSignature(info, signer, suite.signature)).toBe(true);
  }
});

interface Passive {
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

const LIVES = ['passive-client-welcome', 'passive-client-handling-commit'];

test.for(IS_WHOLE ? [...LIVES, 'passive-client-random'] : LIVES)(
  '%s',
  { timeout: 180_000 },
  async (name) => {
    for (const vector of await vectors<Passive>(name)) await live(vector);
  },
);

async function live(vector: Passive): Promise<void> {
  const suite = await suiteOf();
  const external = vector.external_psks.map(({ psk_id, psk }) => [
    bytesToBase64(unhex(psk_id)),
    unhex(psk),
  ]);
  const psks: Record<string, Uint8Array> = Object.fromEntries(external);
  let state = await joinGroup(
    messageOf(vector.welcome, 'mls_welcome').welcome,
    messageOf(vector.key_package, 'mls_key_package').keyPackage,
    {
      initPrivateKey: unhex(vector.init_priv),
      hpkePrivateKey: unhex(vector.encryption_priv),
      signaturePrivateKey: new Uint8Array(),
    },
    makePskIndex(undefined, psks),
    suite,
    vector.ratchet_tree === null ? undefined : decoded(decodeRatchetTree, vector.ratchet_tree),
  );
  expect(toHex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
  for (const epoch of vector.epochs) {
    for (const hex of [...epoch.proposals, epoch.commit]) {
      const message = decoded(decodeMlsMessage, hex);
      const isPrivate = message.wireformat === 'mls_private_message';
      if (!isPrivate && message.wireformat !== 'mls_public_message')
        throw new Error('expected one');
      const index = makePskIndex(state, psks);
      state = (await processMessage(message, state, index, acceptAll, suite)).newState;
    }
    expect(toHex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
  }
}
