// Where two devices of one person meet while the second is taken in: a small space at the relay that both derive from the
// code, under keys of their own that live no longer than the meeting. Nothing of it is stored in this browser.
import { createDeviceKey, signerOfDevice, type Signer } from '../identity/signer.ts';
import { deriveAccessSigner, singleEpochKeys } from '../group/epoch-keys.ts';
import { hashOf } from '../identity/hash.ts';
import { meetingOf } from '../identity/pairing-code.ts';
import type { PairingPipe } from '../identity/pairing-inbox.ts';
import { createReplica } from '../log/replica.ts';
import { spaceIdOf } from '../log/space-id.ts';
import { createDocumentClient } from '../space/document-client.ts';
import { createSpace, type Space } from '../space/space.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { createMemoryEntryStore } from '../store/memory-store.ts';
import { compareBytes, fromHex, toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import { fail, ok } from '../wire/failure.ts';
import { decodeGenesis, encodeGenesis } from '../wire/space-genesis.ts';
import { isHere, HERE, hereWords } from './meeting-words.ts';
import { openMeetingPipe } from './meeting-pipe.ts';
import { RelayLink, type RelayLinkState } from './relay-link.ts';

export interface Meeting {
  /** Says that this is the device that shows the code. */
  host(): Promise<void>;
  /** Calls back for each device that comes, with a line to it. */
  onGuest(listener: (pipe: PairingPipe) => void): void;
  /** The line to the device that shows the code, once it is heard of. */
  readonly toHost: Promise<PairingPipe>;
  relay(): RelayLinkState;
  onRelay(listener: () => void): void;
  /** Leaves, once what was said has reached the relay or `patienceMs` are over. */
  leave(patienceMs?: number): Promise<void>;
}

const LEAVE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

export async function openMeeting(
  secret: Uint8Array,
  relayUrl: string,
  now: () => number,
): Promise<Meeting> {
  const place = await placeOf(secret);
  const signer = await signerOfDevice(await createDeviceKey());
  const own = toHex(signer.publicKey);
  const replica = createReplica(createMemoryEntryStore());
  const parts = { keys: singleEpochKeys(place.secret), control: null, signer, replica, now };
  const space = createSpace({ space: place.id, ...parts, documents: createNoDocuments() });
  const relayMoved = createBell();
  const link = new RelayLink({
    url: relayUrl,
    signer,
    replica,
    door: doorOf(place),
    spaces: () => [place.id],
    events: {},
    onState: () => relayMoved.ring(),
    now,
  });
  const speech = createSpeech(space);
  const company = createCompany(own, (other) =>
    openMeetingPipe({ space, record: speech.record, own }, other, bindingOf(place.id, own, other)),
  );
  space.onEntries(company.take);
  return {
    host: async () => void (await speech.record(HERE, hereWords())),
    onGuest: company.onGuest,
    toHost: company.toHost,
    relay: () => link.state(),
    onRelay: relayMoved.listen,
    leave: async (patienceMs = LEAVE_MS) => {
      await speech.done();
      const seq = (await replica.heads(space.id)).get(own)?.seq ?? 0;
      const end = now() + patienceMs;
      while ((link.session()?.heldByOther(space.id, own) ?? 0) < seq && now() < end) {
        await pause(LOOK_AGAIN_MS);
      }
      link.close();
      space.close();
    },
  };
}

/** Who else is in the meeting: the one that shows the code, and those who come with it. */
function createCompany(own: string, pipeTo: (other: string) => PairingPipe) {
  const toHost = Promise.withResolvers<PairingPipe>();
  const met = new Set<string>();
  let welcome: ((pipe: PairingPipe) => void) | null = null;
  return {
    toHost: toHost.promise,
    onGuest: (listener: (pipe: PairingPipe) => void) => void (welcome = listener),
    take: (entries: readonly OpenedEntry[]): void => {
      for (const entry of entries) {
        if (entry.author === own || met.has(entry.author)) continue;
        if (isHere(entry)) toHost.resolve(pipeTo(entry.author));
        else if (welcome !== null) welcome(pipeTo(entry.author));
        else continue;
        met.add(entry.author);
      }
    },
  };
}

/** Keeps count of what is being said, so that nobody leaves in the middle of a word. */
function createSpeech(space: Space) {
  const saying = new Set<Promise<unknown>>();
  return {
    record: (event: string, payload: CborValue) => {
      const said = space.record(event, payload);
      saying.add(said);
      return said.finally(() => saying.delete(said));
    },
    done: () => Promise.allSettled(saying),
  };
}

interface Place {
  readonly id: Uint8Array;
  readonly genesis: Uint8Array;
  readonly access: Signer;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** Both derive the very same space, so neither has to tell the other which it is. */
async function placeOf(code: Uint8Array): Promise<Place> {
  const secret = meetingOf(code);
  const access = await deriveAccessSigner(secret, 0);
  const salt = hashOf('pairing-place', secret).slice(0, 16);
  const key = access.publicKey;
  const genesis = encodeGenesis({ creator: key, salt, access: key, createdAt: 0, keys: 'wrap' });
  return { id: spaceIdOf(genesis), genesis, access, secret };
}

/** Both keys were shown by signatures in the meeting: whoever stands between has others. */
function bindingOf(place: Uint8Array, one: string, other: string): Uint8Array {
  const keys = [one, other].map((key) => fromHex(key) ?? new Uint8Array()).toSorted(compareBytes);
  return hashOf('pairing-binding', place, ...keys);
}

function doorOf({ genesis, access }: Place) {
  return {
    ticket: async () => ({ genesis, sign: (message: Uint8Array) => access.sign(message) }),
    accessKey: async (_: Uint8Array, shown: Uint8Array) => {
      const decoded = decodeGenesis(shown);
      return decoded.ok ? ok(decoded.value.access) : decoded;
    },
  };
}

function createBell() {
  const listeners: (() => void)[] = [];
  return {
    listen: (listener: () => void) => void listeners.push(listener),
    ring: () => listeners.forEach((listener) => listener()),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** There is nothing but messages in a meeting. */
function createNoDocuments() {
  return createDocumentClient({
    start: async () => fail('unavailable', 'A meeting holds no documents.', 'Nothing to do.'),
  });
}
