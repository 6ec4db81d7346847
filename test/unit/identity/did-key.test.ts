// did:key names, by the vectors of the W3C CCG did:key specification.
import { base58 } from '@scure/base';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didOfKey, keyOfDid } from '../../../lib/identity/did-key.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { unhex } from '../../support/unhex.ts';

/** Seed, public key and name. */
const VECTORS = [
  [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29',
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
  ],
  [
    '0000000000000000000000000000000000000000000000000000000000000001',
    '4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29',
    'did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG',
  ],
  [
    '0000000000000000000000000000000000000000000000000000000000000002',
    '7422b9887598068e32c4448a949adb290d0f4e35b9e01b0ee5f1a1e600fe2674',
    'did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf',
  ],
] as const;

describe('did:key', () => {
  test.for(VECTORS)('the seed %s has the published key and name', async ([seed, key, did]) => {
    const signer = await signerOfSeed(unhex(seed));
    expect(toHex(signer.publicKey)).toBe(key);
    expect(signer.did).toBe(did);
    expect(toHex(unwrap(keyOfDid(did)))).toBe(key);
  });

  test('every key has one name, and the name gives the key back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        expect(unwrap(keyOfDid(didOfKey(key)))).toEqual(key);
      }),
    );
  });

  test.for([
    ['nothing', ''],
    ['another method', 'did:web:example.org'],
    ['another base', `did:key:u${base58.encode(new Uint8Array(34))}`],
    ['letters outside base58', 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW0'],
    ['an X25519 key', `did:key:z${base58.encode(Uint8Array.of(0xec, 1, ...new Uint8Array(32)))}`],
    ['a short key', `did:key:z${base58.encode(Uint8Array.of(0xed, 1, ...new Uint8Array(31)))}`],
    ['a long key', `did:key:z${base58.encode(Uint8Array.of(0xed, 1, ...new Uint8Array(33)))}`],
    ['a fragment', `${VECTORS[0][2]}#key`],
    ['a name of a megabyte', `did:key:z${'1'.repeat(1_000_000)}`],
  ] as const)('%s is no name of a key', ([, did]) => {
    expect(keyOfDid(did)).toMatchObject({ ok: false, failure: { code: 'malformed' } });
  });
});
