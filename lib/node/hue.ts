// Every person has one of eight hues, the same for everyone who sees them.
import { hashOf } from '../identity/hash.ts';
import { utf8 } from '../wire/bytes.ts';

export function hueOf(did: string): number {
  return (hashOf('hue', utf8(did))[0] ?? 0) % 8;
}
