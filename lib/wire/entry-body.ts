// What a sealed body holds once opened: one Automerge change for one document, or one typed fact.
import { compareBytes } from './bytes.ts';
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { MAX_SEALED_BYTES } from './entry.ts';
import { fail, ok, type Result } from './failure.ts';

/** An agent on whose behalf the author's node wrote, as that node says. */
export interface ActingAgent {
  readonly did: string;
  readonly name: string;
  /** Id of the grant that allowed it. */
  readonly grant: string;
}

/** Another author's log, as far as the author of an entry had taken it in. */
export interface SeenPoint {
  /** 32 bytes. */
  readonly author: Uint8Array;
  readonly seq: number;
}

interface BodyBase {
  /** The author's clock, milliseconds since 1970; a claim, never an order. */
  readonly at: number;
  readonly agent: ActingAgent | null;
  /**
   * What the author had taken in of others since its entry before, by ascending author; absent when that is nothing. The
   * first entry after a start says all of it again. Together with its chain this gives everything an entry comes after.
   */
  readonly seen?: readonly SeenPoint[];
}

export interface ChangeBody extends BodyBase {
  readonly kind: 'change';
  /** `board`, `page/<hex>`, `artifact/<id>`. */
  readonly document: string;
  /** One encoded Automerge change. */
  readonly change: Uint8Array;
}

export interface EventBody extends BodyBase {
  readonly kind: 'event';
  /** `announce`, `grant`, `reserve`, `receipt`, … */
  readonly event: string;
  readonly payload: CborValue;
}

export type EntryBody = ChangeBody | EventBody;

const NAME = /^[a-z][a-z0-9_./-]{0,199}$/i;
/** More is said with the next entry. */
export const MAX_SEEN_POINTS = 1024;

export function encodeBody(body: EntryBody): Uint8Array {
  const agent = body.agent === null ? null : [body.agent.did, body.agent.name, body.agent.grant];
  const seen = (body.seen ?? []).map(({ author, seq }) => [author, seq]);
  return body.kind === 'change'
    ? encodeCbor([0, body.at, agent, seen, body.document, body.change])
    : encodeCbor([1, body.at, agent, seen, body.event, body.payload]);
}

/** Failures: `malformed`, `not_canonical`, `too_large`. */
export function decodeBody(bytes: Uint8Array): Result<EntryBody> {
  const decoded = decodeCbor(bytes, MAX_SEALED_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 6) return malformed();
  const [kind, at, agentPart, seenPart, name, content]: unknown[] = parts;
  const agent = parseAgent(agentPart);
  const seen = parseSeen(seenPart);
  if (!isCount(at) || agent === undefined || seen === null) return malformed();
  if (typeof name !== 'string' || !NAME.test(name)) return malformed();
  const base = { at, agent, ...(seen.length === 0 ? {} : { seen }) };
  if (kind === 0 && content instanceof Uint8Array) {
    return ok({ ...base, kind: 'change', document: name, change: content });
  }
  // The decoder only yields CBOR values, so what came out of it is one.
  if (kind === 1) return ok({ ...base, kind: 'event', event: name, payload: content as CborValue });
  return malformed();
}

function parseSeen(part: unknown): readonly SeenPoint[] | null {
  if (!Array.isArray(part) || part.length > MAX_SEEN_POINTS) return null;
  const points: SeenPoint[] = [];
  for (const item of part as unknown[]) {
    const [author, seq]: unknown[] = Array.isArray(item) && item.length === 2 ? item : [];
    const before = points.at(-1)?.author;
    if (!isBytes(author, 32) || !isCount(seq) || seq === 0) return null;
    if (before !== undefined && compareBytes(before, author) >= 0) return null;
    points.push({ author, seq });
  }
  return points;
}

function parseAgent(part: unknown): ActingAgent | null | undefined {
  if (part === null) return null;
  if (!Array.isArray(part) || part.length !== 3) return undefined;
  const [did, name, grant]: unknown[] = part;
  if (typeof did !== 'string' || typeof name !== 'string' || typeof grant !== 'string') {
    return undefined;
  }
  return did.length + name.length + grant.length > 600 ? undefined : { did, name, grant };
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This entry opens, but what it holds is neither a change nor an event.',
    'It stays in the log and is not applied. Its author should update Commonplace.',
  );
}
