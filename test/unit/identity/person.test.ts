// Recovery phrases: the vectors of BIP-39, and what is refused.
import { entropyToMnemonic, mnemonicToSeed } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, test } from 'vitest';
import { createPhrase, signerOfPhrase } from '../../../lib/identity/person.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { unhex } from '../../support/unhex.ts';

/** From the BIP: entropy, words, and the seed with the passphrase TREZOR. */
const BIP_39 = [
  [
    '00000000000000000000000000000000',
    'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
    'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
  ],
  [
    '7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f',
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
    '2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
  ],
  [
    '80808080808080808080808080808080',
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
    'd71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8',
  ],
  [
    'ffffffffffffffffffffffffffffffff',
    'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong',
    'ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069',
  ],
] as const;

/** Names that phrases have had since the first version: changing how they are derived would lose people. */
const NAMES = [
  [BIP_39[0][1], 'did:key:z6MkifTToorCoae4TCXbyvTpMXJm86zJtLcKyBszjBaztmCj'],
  [BIP_39[1][1], 'did:key:z6MkvmMcMdyLhN5nC3nPvXvaJ6gFymp8QZps2zZRLYeW6DsN'],
] as const;

describe('recovery phrases', () => {
  test.for(BIP_39)('entropy %s gives the published words and seed', async (vector) => {
    const [entropy, words, seed] = vector;
    expect(entropyToMnemonic(unhex(entropy), wordlist)).toBe(words);
    expect(toHex(await mnemonicToSeed(words, 'TREZOR'))).toBe(seed);
    expect(await signerOfPhrase(words)).toMatchObject({ ok: true });
  });

  test.for(NAMES)('the phrase "%s" names the person it always named', async ([words, did]) => {
    expect(unwrap(await signerOfPhrase(words)).did).toBe(did);
  });

  test('a new phrase has twelve words, is another each time, and can be used', async () => {
    const phrases = Array.from({ length: 20 }, createPhrase);
    expect(new Set(phrases).size).toBe(20);
    for (const phrase of phrases) expect(phrase.split(' ')).toHaveLength(12);
    expect((await signerOfPhrase(phrases[0] ?? '')).ok).toBe(true);
  });

  test('a phrase is the same however it was typed', async () => {
    const [, words] = BIP_39[1];
    const typed = `  ${words.toUpperCase().replaceAll(' ', ' \n ')}\t`;
    expect(unwrap(await signerOfPhrase(typed)).did).toBe(unwrap(await signerOfPhrase(words)).did);
  });

  test.for([
    ['nothing', ''],
    ['a word that is not in the list', BIP_39[1][1].replace('thank', 'thanks')],
    ['a wrong checksum', BIP_39[1][1].replace('yellow', 'year')],
    ['two words swapped', BIP_39[2][1].replace('letter advice', 'advice letter')],
    ['eleven words', BIP_39[0][1].split(' ').slice(1).join(' ')],
    ['thirteen words', `${BIP_39[0][1]} about`],
    ['a megabyte of words', 'abandon '.repeat(130_000)],
  ] as const)('%s is refused with what to check', async ([, words]) => {
    expect(await signerOfPhrase(words)).toMatchObject({
      ok: false,
      failure: { code: 'malformed', remedy: expect.stringContaining('spelling') },
    });
  });
});
