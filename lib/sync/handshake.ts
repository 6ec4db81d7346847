// Who is at the other end of a channel: both devices sign the same transcript, which includes the channel's binding,
// so that whoever sits in the middle of it (a relay that swapped DTLS fingerprints, say) cannot pass.
import { didOfKey } from '../identity/did-key.ts';
import { hashOf, randomBytes } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import type { Channel } from '../transport/channel.ts';
import { compareBytes, equalBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  decodeSyncMessage,
  encodeSyncMessage,
  SYNC_VERSION,
  type SyncMessage,
} from '../wire/sync-message.ts';

export type Role = 'node' | 'relay';

export interface Handshaken {
  readonly device: Uint8Array;
  readonly did: string;
  readonly role: Role;
  /** 32 bytes that both ends share and that are new for this channel. */
  readonly transcript: Uint8Array;
}

type Hello = Extract<SyncMessage, { type: 'hello' }>;

/** The two messages of a handshake, fed in as they arrive. */
export interface Handshake {
  readonly hello: Uint8Array;
  /** Takes the other's hello and gives the proof to send. */
  greet(message: Uint8Array): Promise<Result<Uint8Array>>;
  /** Takes the other's proof and says who they are. */
  conclude(message: Uint8Array): Promise<Result<Handshaken>>;
}

export function createHandshake(channel: Channel, signer: Signer, role: Role): Handshake {
  const own: Hello = {
    type: 'hello',
    version: SYNC_VERSION,
    device: signer.publicKey,
    nonce: randomBytes(32),
    role,
  };
  const hello = encodeSyncMessage(own);
  let other: Hello | undefined;
  let transcript: Uint8Array | undefined;
  return {
    hello,
    greet: async (message) => {
      const greeting = expectHello(message, own);
      if (!greeting.ok) return greeting;
      other = greeting.value;
      transcript = transcriptOf(channel.binding, own, other);
      const signature = await signer.sign(proofMessage(transcript, own));
      return ok(encodeSyncMessage({ type: 'proof', signature }));
    },
    conclude: async (message) => {
      const proof = decodeSyncMessage(message);
      if (!proof.ok) return proof;
      if (other === undefined || transcript === undefined || proof.value.type !== 'proof') {
        return outOfTurn();
      }
      if (!(await verify(other.device, proofMessage(transcript, other), proof.value.signature))) {
        return unproven();
      }
      return ok({
        device: other.device,
        did: didOfKey(other.device),
        role: other.role,
        transcript,
      });
    },
  };
}

/** What the holder of a space's access key signs to be let in over this very channel. */
export function accessMessage(
  transcript: Uint8Array,
  space: Uint8Array,
  device: Uint8Array,
): Uint8Array {
  return hashOf('space-access', transcript, space, device);
}

function expectHello(message: Uint8Array, own: Hello): Result<Hello> {
  const decoded = decodeSyncMessage(message);
  if (!decoded.ok) return decoded;
  const hello = decoded.value;
  if (hello.type !== 'hello') return outOfTurn();
  if (hello.version !== SYNC_VERSION) {
    return fail(
      'unsupported_version',
      `The other side speaks version ${hello.version}; this one speaks ${SYNC_VERSION}.`,
      'Update Commonplace on both sides.',
    );
  }
  return equalBytes(hello.nonce, own.nonce) ? unproven() : ok(hello);
}

function transcriptOf(binding: Uint8Array, one: Hello, two: Hello): Uint8Array {
  const [first, second] = [one, two].toSorted((a, b) => compareBytes(a.nonce, b.nonce));
  return hashOf(
    'channel',
    binding,
    ...[first, second].flatMap((hello) => (hello === undefined ? [] : [encodeSyncMessage(hello)])),
  );
}

function proofMessage(transcript: Uint8Array, hello: Hello): Uint8Array {
  return hashOf('channel-proof', transcript, hello.device, hello.nonce);
}

function outOfTurn(): Result<never> {
  return fail(
    'malformed',
    'The other side did not follow the opening of the protocol.',
    'Make sure that both sides run a current version of Commonplace.',
  );
}

function unproven(): Result<never> {
  return fail(
    'unauthenticated',
    'The other side could not prove who it is.',
    'Nothing was sent to it. If this keeps happening, someone may be between you: use another relay.',
  );
}
