// The name of a space: the hash of its genesis, so that a space certifies itself.
import { hashOf } from '../identity/hash.ts';

/** 32 bytes. Also the hash of the control head at height 0. */
export function spaceIdOf(genesisBytes: Uint8Array): Uint8Array {
  return hashOf('space', genesisBytes);
}
