// Spaces as a node has them, in Node.js: real logs, real Automerge behind a message port, an in-memory store.
import { deriveAccessSigner, singleEpochKeys } from '../../lib/group/epoch-keys.ts';
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import { createPhrase, signerOfPhrase } from '../../lib/identity/person.ts';
import { createDeviceKey, signerOfDevice, type Signer } from '../../lib/identity/signer.ts';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import { spaceIdOf } from '../../lib/log/space-id.ts';
import { createDocumentClient, type DocumentClient } from '../../lib/space/document-client.ts';
import { ANNOUNCE, announcement } from '../../lib/space/members.ts';
import { createSpace, type Space } from '../../lib/space/space.ts';
import { serveDocuments } from '../../lib/space/worker/document-host.ts';
import type { EntryStore } from '../../lib/store/entry-store.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import type { SpaceDoor } from '../../lib/sync/space-door.ts';
import { fail, ok, unwrap } from '../../lib/wire/failure.ts';
import { decodeGenesis, encodeGenesis } from '../../lib/wire/space-genesis.ts';
import { startAutomerge } from './automerge.ts';

export interface TestSpace {
  readonly genesis: Uint8Array;
  readonly id: Uint8Array;
  readonly secret: Uint8Array;
}

export interface TestNode {
  readonly name: string;
  readonly signer: Signer;
  readonly store: EntryStore;
  readonly replica: Replica;
  readonly documents: DocumentClient;
  readonly door: SpaceDoor;
  /** Opens a space and says nothing in it. */
  open(space: TestSpace): Space;
  /** Opens a space and announces its person in it. */
  join(space: TestSpace): Promise<Space>;
}

export function createDocuments(): DocumentClient {
  return createDocumentClient({
    start: async () => {
      const { port1, port2 } = new MessageChannel();
      serveDocuments(port1, startAutomerge());
      return ok(port2);
    },
  });
}

export async function createTestSpace(): Promise<TestSpace> {
  const secret = randomBytes(32);
  const access = await deriveAccessSigner(secret, 0);
  const creator = await personSigner();
  const genesis = encodeGenesis({
    creator: creator.publicKey,
    salt: randomBytes(16),
    access: access.publicKey,
    createdAt: 1_700_000_000_000,
    keys: 'wrap',
  });
  return { genesis, id: spaceIdOf(genesis), secret };
}

export async function createTestNode(
  name: string,
  store: EntryStore = createMemoryEntryStore(),
): Promise<TestNode> {
  const signer = await signerOfDevice(await createDeviceKey());
  const person = await personSigner();
  const certificate = await certifyDevice(person, signer.publicKey, 1_700_000_000_000);
  const replica = createReplica(store);
  const documents = createDocuments();
  const held: TestSpace[] = [];
  const open = ({ genesis, id, secret }: TestSpace): Space => {
    held.push({ genesis, id, secret });
    const keys = singleEpochKeys(secret);
    const parts = { keys, control: null, signer, replica, documents, now: Date.now };
    return createSpace({ space: id, ...parts });
  };
  return {
    name,
    signer,
    store,
    replica,
    documents,
    door: doorOf(held),
    open,
    join: async (shared) => {
      const space = open(shared);
      unwrap(await space.record(ANNOUNCE, announcement(certificate, name)));
      return space;
    },
  };
}

async function personSigner(): Promise<Signer> {
  return unwrap(await signerOfPhrase(createPhrase()));
}

function doorOf(held: readonly TestSpace[]): SpaceDoor {
  const find = (id: Uint8Array) => held.find((space) => Buffer.compare(space.id, id) === 0);
  return {
    ticket: async (id) => {
      const space = find(id);
      if (space === undefined) return null;
      const signer = await deriveAccessSigner(space.secret, 0);
      return { genesis: space.genesis, sign: (message) => signer.sign(message) };
    },
    accessKey: async (id) => {
      const space = find(id);
      if (space === undefined) return fail('not_found', 'No such space here.', 'Join it first.');
      const genesis = decodeGenesis(space.genesis);
      return genesis.ok ? ok(genesis.value.access) : genesis;
    },
  };
}
