// A key out of a passphrase that a person types, slow to try: PBKDF2-HMAC-SHA-256 (RFC 8018), which every WebCrypto has.
import type { PassphraseLock } from '../wire/space-export.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { utf8 } from '../wire/bytes.ts';
import { randomBytes } from './hash.ts';

/** What OWASP's Password Storage Cheat Sheet asks of PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;

export interface PassphraseKey {
  /** Nonce (12 bytes) and ciphertext. `context` is authenticated with it. */
  seal(plain: Uint8Array, context: Uint8Array): Promise<SealedByPassphrase>;
  /** Failure: `bad_arguments`, the passphrase is another one (or the content was altered). */
  open(sealed: SealedByPassphrase, context: Uint8Array): Promise<Result<Uint8Array>>;
}

export interface SealedByPassphrase {
  readonly nonce: Uint8Array;
  readonly content: Uint8Array;
}

export function newPassphraseLock(): PassphraseLock {
  return { salt: randomBytes(16), iterations: ITERATIONS };
}

/** The same letters typed on another system give the same key. */
export async function keyOfPassphrase(
  passphrase: string,
  { salt, iterations }: PassphraseLock,
): Promise<PassphraseKey> {
  const typed = utf8(passphrase.normalize('NFKD'));
  const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations };
  const aes = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.deriveKey(derivation, base, aes, false, ['encrypt', 'decrypt']);
  return {
    seal: async (plain, context) => {
      const nonce = randomBytes(12);
      const sealed = await crypto.subtle.encrypt(gcm(nonce, context), key, new Uint8Array(plain));
      return { nonce, content: new Uint8Array(sealed) };
    },
    open: async ({ nonce, content }, context) => {
      try {
        const params = gcm(nonce, context);
        const plain = await crypto.subtle.decrypt(params, key, new Uint8Array(content));
        return ok(new Uint8Array(plain));
      } catch {
        return WRONG_PASSPHRASE;
      }
    },
  };
}

function gcm(nonce: Uint8Array, context: Uint8Array): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: new Uint8Array(nonce),
    additionalData: new Uint8Array(context),
  };
}

const WRONG_PASSPHRASE = fail(
  'bad_arguments',
  'This passphrase does not open the file.',
  'Type it as it was when the file was made. Nobody else can open it for you.',
);
