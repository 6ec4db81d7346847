// How the messages of a pairing are sealed: first under the code alone, then under the code and a fresh key exchange, so
// that a code that leaks later opens nothing that was recorded.
import { concatBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  decodePairingEnvelope,
  encodePairingEnvelope,
  type PairingStep,
} from '../wire/pairing-message.ts';
import { deriveKey, hashOf, randomBytes } from './hash.ts';

/** Seals and opens in the order of the steps; each message is bound to all that were said before it. */
export interface PairingSeal {
  /** 32 bytes: the hash of the channel's binding and of every message so far. */
  transcript(): Uint8Array;
  seal(step: PairingStep, plain: Uint8Array): Promise<Uint8Array>;
  /** Failures: those of the envelope, `unauthenticated` (another code, another order, or altered on the way). */
  open(step: PairingStep, message: Uint8Array): Promise<Result<Uint8Array>>;
  /** From now on under the exchanged secret as well. */
  strengthen(shared: Uint8Array): void;
}

export function createPairingSeal(code: Uint8Array, binding: Uint8Array): PairingSeal {
  let secret = code;
  let transcript = hashOf('pairing', binding);
  const keyFor = (step: PairingStep, usage: KeyUsage) =>
    importKey(deriveKey(secret, `pairing-${step}`, transcript), usage);
  const said = (message: Uint8Array) => {
    transcript = hashOf('pairing', transcript, message);
  };
  return {
    transcript: () => transcript,
    seal: async (step, plain) => {
      const nonce = randomBytes(12);
      const key = await keyFor(step, 'encrypt');
      const sealed = await crypto.subtle.encrypt(gcm(nonce), key, new Uint8Array(plain));
      const message = encodePairingEnvelope({ step, nonce, sealed: new Uint8Array(sealed) });
      said(message);
      return message;
    },
    open: async (step, message) => {
      const envelope = decodePairingEnvelope(message);
      if (!envelope.ok) return envelope;
      if (envelope.value.step !== step) return notTheirs();
      const { nonce, sealed } = envelope.value;
      try {
        const key = await keyFor(step, 'decrypt');
        const plain = await crypto.subtle.decrypt(gcm(nonce), key, new Uint8Array(sealed));
        said(message);
        return ok(new Uint8Array(plain));
      } catch {
        return notTheirs();
      }
    },
    strengthen: (shared) => {
      secret = deriveKey(concatBytes(code, shared), 'pairing-session', transcript);
    },
  };
}

export interface PairingExchange {
  /** 65 bytes: an uncompressed point of P-256. */
  readonly publicKey: Uint8Array;
  /** 32 bytes that both sides get. Failure: `malformed` when the other's key is no point. */
  sharedWith(publicKey: Uint8Array): Promise<Result<Uint8Array>>;
}

/** One half of a Diffie-Hellman exchange on P-256, which WebCrypto has on every platform. */
export async function createPairingExchange(): Promise<PairingExchange> {
  const pair = await crypto.subtle.generateKey(P256, false, ['deriveBits']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return {
    publicKey,
    sharedWith: async (other) => {
      try {
        const imported = await crypto.subtle.importKey(
          'raw',
          new Uint8Array(other),
          P256,
          false,
          [],
        );
        const algorithm = { name: 'ECDH', public: imported };
        const bits = await crypto.subtle.deriveBits(algorithm, pair.privateKey, 256);
        return ok(new Uint8Array(bits));
      } catch {
        return notTheirs();
      }
    },
  };
}

const P256 = { name: 'ECDH', namedCurve: 'P-256' };

function importKey(bytes: Uint8Array<ArrayBuffer>, usage: KeyUsage): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, [usage]);
}

/** The key is new for each message of each conversation, and depends on the transcript: nothing is left to associate. */
function gcm(nonce: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(nonce) };
}

function notTheirs(): Result<never> {
  return fail(
    'unauthenticated',
    'The other device does not have the code that is shown here, or someone changed what it said.',
    'Nothing was handed over. Show a new code and enter it by hand or by camera.',
  );
}
