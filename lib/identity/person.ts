// A person is an Ed25519 key derived from a BIP-39 phrase; it only ever certifies devices.
import { entropyToMnemonic, mnemonicToSeed, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { fail, ok, type Result } from '../wire/failure.ts';
import { deriveKey, randomBytes } from './hash.ts';
import { signerOfSeed, type Signer } from './signer.ts';

/** Twelve English words from 16 random bytes (BIP-39). */
export function createPhrase(): string {
  return entropyToMnemonic(randomBytes(16), wordlist);
}

/** More than the longest phrase has, with room for how people space it. */
const MAX_PHRASE_CHARS = 1_000;

/**
 * The person's signer; capitals and spacing do not matter. To be used and let go: it is needed again only to add or
 * remove a device. Failure: `malformed` when the words or their checksum are wrong.
 */
export async function signerOfPhrase(typed: string): Promise<Result<Signer>> {
  const phrase = typed.length > MAX_PHRASE_CHARS ? '' : plainWords(typed);
  if (!validateMnemonic(phrase, wordlist)) {
    return fail(
      'malformed',
      'This is not a recovery phrase: a word is unknown or the words do not belong together.',
      'Check the spelling and the order of the twelve words.',
    );
  }
  const seed = await mnemonicToSeed(phrase);
  return ok(await signerOfSeed(deriveKey(seed, 'person-key', new Uint8Array())));
}

function plainWords(typed: string): string {
  return typed.normalize('NFKD').toLowerCase().trim().split(/\s+/).join(' ');
}
