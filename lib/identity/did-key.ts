// did:key names for Ed25519 public keys (W3C CCG did:key, multicodec 0xed): the name is the key.
import { base58 } from '@scure/base';
import { concatBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

const PREFIX = 'did:key:z';
const ED25519_CODEC = Uint8Array.of(0xed, 0x01);

export function didOfKey(publicKey: Uint8Array): string {
  return PREFIX + base58.encode(concatBytes(ED25519_CODEC, publicKey));
}

/** The 32-byte public key that a did:key commits to. Failure: `malformed`. */
export function keyOfDid(did: string): Result<Uint8Array> {
  const bytes =
    did.startsWith(PREFIX) && did.length < 80 ? decodeBase58(did.slice(PREFIX.length)) : null;
  if (bytes?.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) {
    return fail('malformed', 'This is not the name of an Ed25519 key.', 'Expected did:key:z6Mk….');
  }
  return ok(bytes.slice(2));
}

function decodeBase58(text: string): Uint8Array | null {
  try {
    return base58.decode(text);
  } catch {
    return null;
  }
}
