// The genesis of a space: the few facts that its id commits to, so that a space names itself.
import { decodeCbor, encodeCbor, isBytes, isCount } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';
import { MAX_GENESIS_BYTES } from './sync-message.ts';

/** How the secrets of epochs reach devices: sealed to each one, or by MLS (RFC 9420). For ever, once a space is made. */
export const KEY_SCHEMES = ['wrap', 'mls'] as const;
export type KeyScheme = (typeof KEY_SCHEMES)[number];

export interface SpaceGenesis {
  /** 32 bytes: the creating person's Ed25519 public key, the first steward. */
  readonly creator: Uint8Array;
  /** 16 random bytes, so that one person's spaces differ. */
  readonly salt: Uint8Array;
  /** 32 bytes: Ed25519 public key of epoch 0's access key, by which a relay lets members in. */
  readonly access: Uint8Array;
  readonly createdAt: number;
  readonly keys: KeyScheme;
}

const VERSION = 1;

export function encodeGenesis(genesis: SpaceGenesis): Uint8Array {
  const { creator, salt, access, createdAt, keys } = genesis;
  return encodeCbor([VERSION, creator, salt, access, createdAt, KEY_SCHEMES.indexOf(keys)]);
}

export function decodeGenesis(bytes: Uint8Array): Result<SpaceGenesis> {
  const decoded = decodeCbor(bytes, MAX_GENESIS_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 6 || parts[0] !== VERSION) return malformed();
  const [, creator, salt, access, createdAt, scheme]: unknown[] = parts;
  const keys = isCount(scheme) ? KEY_SCHEMES[scheme] : undefined;
  if (!isBytes(creator, 32) || !isBytes(salt, 16) || !isBytes(access, 32) || !isCount(createdAt)) {
    return malformed();
  }
  return keys === undefined ? malformed() : ok({ creator, salt, access, createdAt, keys });
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This does not describe a space.',
    'Ask for a new invite link from a current version of Commonplace.',
  );
}
