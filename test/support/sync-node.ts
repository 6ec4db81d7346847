// A node as lib/sync sees one: a device key, a replica (in memory unless said), and the spaces it is a member of.
import { singleEpochKeys, deriveAccessSigner, type EpochKeys } from '../../lib/group/epoch-keys.ts';
import { hashOf, randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { digestOfHeads } from '../../lib/log/chain.ts';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import { sealEntry, type Entry, type EntryPlace } from '../../lib/log/seal.ts';
import { spaceIdOf } from '../../lib/log/space-id.ts';
import type { EntryStore } from '../../lib/store/entry-store.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import { createSession } from '../../lib/sync/session.ts';
import type { BlobKeeper } from '../../lib/sync/blob-exchange.ts';
import type { Session, SessionEvents } from '../../lib/sync/session-contract.ts';
import type { SpaceDoor } from '../../lib/sync/space-door.ts';
import type { Channel } from '../../lib/transport/channel.ts';
import { openRelayChannel } from '../../lib/transport/relay-socket.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { fail, ok, unwrap, type Failure } from '../../lib/wire/failure.ts';
import { decodeGenesis, encodeGenesis } from '../../lib/wire/space-genesis.ts';

export interface TestSpace {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly genesis: Uint8Array;
  readonly secret: Uint8Array;
  readonly keys: EpochKeys;
}

export async function createTestSpace(): Promise<TestSpace> {
  const secret = randomBytes(32);
  const access = await deriveAccessSigner(secret, 0);
  const genesis = encodeGenesis({
    creator: (await signerOfSeed(randomBytes(32))).publicKey,
    salt: randomBytes(16),
    access: access.publicKey,
    createdAt: 1_700_000_000_000,
    keys: 'wrap',
  });
  return testSpaceOf(genesis, secret);
}

export function testSpaceOf(genesis: Uint8Array, secret: Uint8Array): TestSpace {
  const bytes = spaceIdOf(genesis);
  return { id: toHex(bytes), bytes, genesis, secret, keys: singleEpochKeys(secret) };
}

export interface TestNode {
  readonly signer: Signer;
  /** The node's name as an author, in hex. */
  readonly author: string;
  readonly replica: Replica;
  /** Writes `count` entries into a space; gives them. */
  write(space: TestSpace, count?: number, text?: string): Promise<Entry[]>;
  connect(relayUrl: string, events?: SessionEvents, blobs?: BlobKeeper): Promise<TestSession>;
  /** The same over any channel. */
  greet(channel: Channel, events?: SessionEvents, blobs?: BlobKeeper): TestSession;
  seqOf(space: TestSpace, author: string): Promise<number>;
}

export interface TestSession extends Session {
  readonly refusals: readonly { readonly space: string | null; readonly failure: Failure }[];
  readonly presence: readonly Uint8Array[];
  readonly closed: Promise<Failure | null>;
}

/** `seed` makes two nodes with one key, as a copied profile does. */
export async function createTestNode(
  spaces: readonly TestSpace[],
  seed: Uint8Array = randomBytes(32),
  store: EntryStore = createMemoryEntryStore(),
): Promise<TestNode> {
  const signer = await signerOfSeed(seed);
  const author = toHex(signer.publicKey);
  const replica = createReplica(store);
  const door = doorOf(spaces);
  const segment = randomBytes(16);

  const greet = (channel: Channel, events: SessionEvents = {}, blobs?: BlobKeeper): TestSession => {
    const refusals: { space: string | null; failure: Failure }[] = [];
    const presence: Uint8Array[] = [];
    const closed = Promise.withResolvers<Failure | null>();
    const session = createSession({
      channel,
      signer,
      role: 'node',
      replica,
      door,
      blobs,
      events: {
        ...events,
        onRefused: (space, failure) => {
          refusals.push({ space, failure });
          events.onRefused?.(space, failure);
        },
        onPresence: (space, sealed) => {
          presence.push(sealed);
          events.onPresence?.(space, sealed);
        },
        onClosed: (reason, failure) => {
          closed.resolve(failure);
          events.onClosed?.(reason, failure);
        },
      },
    });
    return Object.assign(session, { refusals, presence, closed: closed.promise });
  };

  return {
    signer,
    author,
    replica,
    greet,
    write: async (space, count = 1, text = 'a note') => {
      const written: Entry[] = [];
      for (let i = 0; i < count; i++) {
        const entry = await nextEntry(space, signer, replica, segment, text);
        unwrap(await replica.append(space.id, entry));
        written.push(entry);
      }
      return written;
    },
    connect: async (url, events, blobs) => {
      const signal = new AbortController().signal;
      return greet(
        unwrap(await openRelayChannel(url, { signal, deadlineMs: 10_000 })),
        events,
        blobs,
      );
    },
    seqOf: async (space, of) => (await replica.heads(space.id)).get(of)?.seq ?? 0,
  };
}

/** The entry that follows what the replica holds of this author, not stored anywhere yet. */
export async function nextEntry(
  space: TestSpace,
  signer: Signer,
  replica: Replica,
  segment: Uint8Array,
  text: string,
): Promise<Entry> {
  const heads = await replica.heads(space.id);
  const head = heads.get(toHex(signer.publicKey));
  return sealAt(space, signer, text, {
    segment,
    seq: (head?.seq ?? 0) + 1,
    prev: head?.hash ?? null,
    seen: digestOfHeads(heads.values(), signer.publicKey),
  });
}

/** An entry at any place, also where an honest node would not put one. */
export async function sealAt(
  space: TestSpace,
  signer: Signer,
  text: string,
  place: Pick<EntryPlace, 'segment' | 'seq' | 'prev' | 'seen'>,
): Promise<Entry> {
  const sealing = unwrap(await space.keys.authorKey(0, signer.publicKey));
  const whole = { ...place, space: space.bytes, control: hashOf('test', space.genesis), epoch: 0 };
  const body = { kind: 'event', at: 0, agent: null, event: 'test', payload: text } as const;
  return unwrap(await sealEntry(body, whole, sealing, signer));
}

function doorOf(spaces: readonly TestSpace[]): SpaceDoor {
  return {
    ticket: async (bytes) => {
      const space = spaces.find(({ id }) => id === toHex(bytes));
      if (space === undefined) return null;
      const access = unwrap(await space.keys.accessSigner(0));
      return { genesis: space.genesis, sign: (message) => access.sign(message) };
    },
    accessKey: async (bytes, genesis) => {
      const known = spaces.some(({ id }) => id === toHex(bytes));
      const decoded = decodeGenesis(genesis);
      if (!known || !decoded.ok) return fail('not_found', 'Not a space of this node.', 'None.');
      return ok(decoded.value.access);
    },
  };
}
