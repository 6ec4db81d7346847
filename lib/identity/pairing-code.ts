// The code that one device shows and another takes in: 128 bits that nobody guesses, good once, for a few minutes.
// It is written in letters and digits, never in words, so that no one takes it for a recovery phrase.
import { fail, ok, type Result } from '../wire/failure.ts';
import { deriveKey, hashOf, randomBytes } from './hash.ts';

export const PAIRING_LIFETIME_MS = 5 * 60_000;
/** Conversations begun over one code; whoever knows the meeting place and not the code gets no further than that. */
const MAX_CONVERSATIONS = 20;

const SECRET_BYTES = 16;
const CHECK_BITS = 12n;
/** Crockford's base 32: no I, L, O or U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 28;
const GROUP = /.{4}/g;

/** A code that is being shown. It can be used by one device, once. */
export interface PairingOffer {
  readonly secret: Uint8Array;
  /** Seven groups of four, as shown and scanned. */
  readonly text: string;
  readonly expiresAt: number;
  /** Called as a conversation begins. Failures: `timeout`, `conflict` (used), `rate_limited`. */
  begin(now: number): Result<void>;
  /** Called when a device has proved that it knows the code. Failures: `timeout`, `conflict`. */
  claim(now: number): Result<void>;
}

export function createPairingOffer(now: number): PairingOffer {
  const secret = randomBytes(SECRET_BYTES);
  const expiresAt = now + PAIRING_LIFETIME_MS;
  let isUsed = false;
  let conversations = 0;
  const stillGood = (at: number): Result<void> => {
    // A clock that was set back does not make an old code good again.
    if (at >= expiresAt || at < now) return expired();
    return isUsed ? used() : ok(undefined);
  };
  return {
    secret,
    text: pairingText(secret),
    expiresAt,
    begin: (at) => {
      const good = stillGood(at);
      if (!good.ok) return good;
      conversations += 1;
      return conversations > MAX_CONVERSATIONS ? tooMany() : good;
    },
    claim: (at) => {
      const good = stillGood(at);
      if (good.ok) isUsed = true;
      return good;
    },
  };
}

/** The secret in letters and digits, with a checksum against slips. */
export function pairingText(secret: Uint8Array): string {
  let value = numberOf(secret, checkOf(secret));
  let text = '';
  for (let i = 0; i < SYMBOLS; i++) {
    text = (ALPHABET[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return (text.match(GROUP) ?? []).join('-');
}

/** The secret in what someone typed or scanned; case, spaces and look-alike letters do not matter. Failure: `malformed`. */
export function parsePairingText(typed: string): Result<Uint8Array> {
  const symbols = typed.length > 200 ? '' : plainSymbols(typed);
  if (symbols.length !== SYMBOLS) return notACode();
  let value = 0n;
  for (const symbol of symbols) {
    const digit = ALPHABET.indexOf(symbol);
    if (digit < 0) return notACode();
    value = (value << 5n) | BigInt(digit);
  }
  const secret = bytesOf(value >> CHECK_BITS);
  return value === numberOf(secret, checkOf(secret)) ? ok(secret) : notACode();
}

/**
 * Where the two devices meet: 32 bytes that both derive from the code and that do not give it away, to be used as the
 * token of a signalling name or as the name of a mailbox.
 */
export function meetingOf(secret: Uint8Array): Uint8Array {
  return deriveKey(secret, 'pairing-meeting', new Uint8Array());
}

function plainSymbols(typed: string): string {
  const bare = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  return bare.replaceAll(/[IL]/g, '1').replaceAll('O', '0');
}

function checkOf(secret: Uint8Array): bigint {
  const [high = 0, low = 0] = hashOf('pairing-check', secret);
  return (BigInt(high) << 4n) | BigInt(low >> 4);
}

function numberOf(secret: Uint8Array, check: bigint): bigint {
  const value = secret.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return (value << CHECK_BITS) | check;
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: SECRET_BYTES }, (_, i) =>
    Number((value >> BigInt(8 * (SECRET_BYTES - 1 - i))) & 0xffn),
  );
}

function notACode(): Result<never> {
  return fail(
    'malformed',
    'This is not the code that the other device shows.',
    'Compare it letter by letter: seven groups of four letters and digits.',
  );
}

function expired(): Result<never> {
  return fail(
    'timeout',
    'The code has run out; it is good for five minutes.',
    'Show a new code and enter that one.',
  );
}

function used(): Result<never> {
  return fail(
    'conflict',
    'The code has been used already.',
    'If it was not you, show a new code and look at your list of devices.',
  );
}

function tooMany(): Result<never> {
  return fail(
    'rate_limited',
    'Too many tries were made with this code, so it is no longer good.',
    'Show a new code.',
  );
}
