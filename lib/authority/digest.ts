// The name of an exact action: what was reserved, approved and done is the same only if this is the same.
import { hashOf } from '../identity/hash.ts';
import { toHex } from '../wire/bytes.ts';
import { encodeCbor, type CborValue } from '../wire/cbor.ts';

export interface ExactAction {
  readonly agent: string;
  readonly tool: string;
  readonly args: unknown;
  /** Where it would happen: tab handle and address, or space. */
  readonly where: string;
}

/** 64 hex digits. */
export function digestOfAction({ agent, tool, args, where }: ExactAction): string {
  return toHex(hashOf('action', encodeCbor([agent, tool, plain(args), where])));
}

/** Arguments come from JSON, so they survive the round trip; it drops what an optional key left undefined. */
function plain(args: unknown): CborValue {
  const copy: CborValue = JSON.parse(JSON.stringify(args ?? null));
  return copy;
}
