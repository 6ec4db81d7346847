// Published vectors are written in hex; a slip of the pen is a failed test, not a null.
import { fromHex } from '../../lib/wire/bytes.ts';

export function unhex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`expected hex, got ${text}`);
  return bytes;
}
