// Writes this device's own entries: places, seals and signs each one and stores it before anyone hears of it.
import type { ControlLog } from '../group/control-log.ts';
import { roleOf, type ControlState } from '../group/control-state.ts';
import { mayWrite } from '../group/permissions.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import { randomBytes } from '../identity/hash.ts';
import type { Signer } from '../identity/signer.ts';
import { actorOfSegment, digestOfHeads } from '../log/chain.ts';
import { createMutex } from '../log/mutex.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry, sealEntry, type Entry } from '../log/seal.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import { fail, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { OwnLog } from './own-log.ts';
import { createSaying } from './seen-points.ts';
import { standFor } from './writing-stand.ts';

export interface EntryWriter {
  /**
   * Settles once the entry is durable. A change is written only while `actor`, who made it, may still be used; if not,
   * that is a `conflict`, and it must be made anew. Other failures: `too_large`, `forked`, `storage_full`.
   */
  write(body: EntryBody, actor?: string): Promise<Result<Entry>>;
  /** The Automerge actor of the segment that is written to, hex. */
  actor(): Promise<string>;
  /** Goes on in a new segment, whose actor nobody has used. */
  renew(): Promise<void>;
}

export interface EntryWriterOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  readonly control: ControlLog | null;
  readonly signer: Signer;
  readonly replica: Replica;
  readonly own: OwnLog;
}

export function createEntryWriter(options: EntryWriterOptions): EntryWriter {
  const { space, signer, replica, control } = options;
  const spaceId = toHex(space);
  const inTurn = createMutex();
  let position: Position | undefined;
  const saying = createSaying([spaceId, toHex(signer.publicKey)]);
  /** Goes on where this writer stopped, or in a new segment when that one is at its end. */
  const positionAfter = async (own: Head | undefined): Promise<Position> => {
    position ??= { segment: await segmentOf(options, own), head: own?.hash ?? null };
    // Two browsers with one key would number their changes alike, so what the other has written ends the segment.
    const isOver = !isAt(position, own) || isCut(control, signer.publicKey, position.segment);
    if (isOver) position = { segment: randomBytes(16), head: own?.hash ?? null };
    return position;
  };
  /** Once after each start: what was stored may be old. */
  const heard = once(async () => {
    const isSure = await options.own.heard(spaceId);
    const head = (await ownHead())?.hash ?? null;
    // If others hold more, their history and this one part here: their changes must not bear the same numbers.
    if (!isSure && head !== null) position = { segment: randomBytes(16), head };
  });
  const ownHead = async (): Promise<Head | undefined> =>
    (await replica.heads(spaceId)).get(toHex(signer.publicKey));
  const actorAt = ({ segment }: Position): string =>
    toHex(actorOfSegment({ space, author: signer.publicKey, segment }));

  const writeOnce = async (body: EntryBody, actor?: string): Promise<Result<Entry>> => {
    await heard();
    const copied = await options.own.refusal(spaceId);
    if (copied !== null) return { ok: false, failure: copied };
    const heads = await replica.heads(spaceId);
    const own = heads.get(toHex(signer.publicKey));
    const at = await positionAfter(own);
    if (actor !== undefined && actor !== actorAt(at)) return OVERTAKEN;
    const stand = await standFor(options, body);
    if (!stand.ok) return stand;
    const { state: group, epoch, key } = stand.value;
    const refusal = group === null ? null : refusalOf(group, signer.publicKey, body);
    if (refusal !== null) return refusal;
    const place = {
      space,
      segment: at.segment,
      seq: (own?.seq ?? 0) + 1,
      prev: own?.hash ?? null,
      control: group?.head ?? space,
      seen: digestOfHeads(heads.values(), signer.publicKey),
      epoch,
    };
    const seen = saying.news(heads);
    const whole = seen.length === 0 ? body : { ...body, seen };
    const entry = await sealEntry(whole, place, key, signer);
    if (!entry.ok) return entry;
    const stored = await replica.append(spaceId, entry.value);
    if (!stored.ok) return stored;
    saying.said(seen);
    position = { segment: at.segment, head: entry.value.hash };
    return entry;
  };

  return {
    write: (body, actor) =>
      inTurn(async () => {
        const first = await writeOnce(body, actor);
        // Heads may have been stale after another context wrote: they were read anew, so once more is enough.
        return isConflict(first) ? writeOnce(body, actor) : first;
      }),
    actor: () =>
      inTurn(async () => {
        await heard();
        return actorAt(await positionAfter(await ownHead()));
      }),
    renew: () =>
      inTurn(async () => {
        await heard();
        position = { segment: randomBytes(16), head: (await ownHead())?.hash ?? null };
      }),
  };
}

/** Makes and writes a change again when its actor could no longer be used. */
export async function untilWritten<T>(attempt: () => Promise<Result<T>>): Promise<Result<T>> {
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    if (!isConflict(result) || attempts >= MAX_ATTEMPTS) return result;
  }
}

const MAX_ATTEMPTS = 5;

/** Where a writer has stopped. */
interface Position {
  readonly segment: Uint8Array;
  /** Hash of the newest entry; null before the first. */
  readonly head: Uint8Array | null;
}

function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= task());
}

/** Whether the stewards have ended a segment, to settle a fork. */
function isCut(control: ControlLog | null, device: Uint8Array, segment: Uint8Array): boolean {
  const cuts = control?.tip().cuts.get(toHex(device)) ?? [];
  return cuts.some((cut) => equalBytes(cut.segment, segment));
}

function isAt({ head }: Position, own: Head | undefined): boolean {
  return head === null || own === undefined
    ? head === null && own === undefined
    : equalBytes(head, own.hash);
}

function isConflict(result: Result<unknown>): boolean {
  return !result.ok && result.failure.code === 'conflict';
}

/** The change has to be made anew. */
export const OVERTAKEN = fail(
  'conflict',
  'Another browser with a copy of this profile has written at the same time.',
  'Try again. Let one of the two browsers join anew.',
);

/** What others would not apply is not written either. */
function refusalOf(group: ControlState, device: Uint8Array, body: EntryBody) {
  if (roleOf(group, device) === null) {
    return group.gone.has(toHex(device)) ? NOT_A_MEMBER : NOT_IN_YET;
  }
  return mayWrite(group, device, body) ? null : MAY_NOT;
}

const MAY_NOT = fail(
  'permission_denied',
  'Your role in this space does not allow this.',
  'Ask a steward of the space for another role.',
);

const NOT_IN_YET = fail(
  'permission_denied',
  'This browser has not been let into the space yet, so nothing can be added here.',
  'Write in another of your browsers, or wait until a steward is online.',
);

const NOT_A_MEMBER = fail(
  'permission_denied',
  'You are no longer in this space, so nothing can be added to it.',
  'What you have of it stays readable here. Ask a steward of the space to invite you again.',
);

/** The segment of this device's newest entry, or a new one for its first. */
async function segmentOf(options: EntryWriterOptions, head: Head | undefined): Promise<Uint8Array> {
  if (head === undefined) return randomBytes(16);
  const spaceId = toHex(options.space);
  const author = toHex(options.signer.publicKey);
  const limits = { maxEntries: 1, maxBytes: 1 };
  const [newest] = await options.replica.read(spaceId, author, head.seq, limits);
  const entry = newest === undefined ? null : readStoredEntry(newest.bytes);
  return entry?.ok === true ? entry.value.header.segment : randomBytes(16);
}
