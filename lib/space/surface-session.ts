// What one person does at one surface after another (panel, tab, second device), with the four guarantees of Terry et al.,
// "Session Guarantees for Weakly Consistent Replicated Data" (1994): they read what they wrote, what they have seen does
// not go away, and what they write comes after all of that wherever it is read at a consistent cut. A session is a
// version vector; it moves to another device by handing that on.
import { joined, lacking, NOTHING_SEEN, type VersionVector } from '../log/version-vector.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { OpenedEntry } from './opened-entry.ts';
import type { Change, Space } from './space.ts';

/** How long to wait for what the session has seen elsewhere; 0 only looks. */
export interface Wait {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

export interface Reflected {
  readonly value: unknown;
  /** All of this is in what was read. */
  readonly reflects: VersionVector;
}

export interface SurfaceSession {
  /** All that was read and written so far. To be adopted by the session on another surface or device. */
  vector(): VersionVector;
  /** From now on nothing older than this is shown. */
  adopt(vector: VersionVector): void;
  /** Failures: `timeout` (not caught up yet), `cancelled`, as of `Space.read`. */
  read(document: string, wait: Wait): Promise<Result<Reflected>>;
  /** Failures: `timeout` (not caught up yet), `cancelled`, as of `Space.change`. */
  change(change: Change, wait: Wait): Promise<Result<OpenedEntry | null>>;
}

type SessionSpace = Pick<Space, 'vector' | 'excused' | 'read' | 'change' | 'onEntries'>;

/** A busy space may move while it is read; after so many turns the reading counts for what was there before it. */
const MAX_TURNS = 3;

export function createSurfaceSession(
  space: SessionSpace,
  start: VersionVector = NOTHING_SEEN,
): SurfaceSession {
  let seen = start;
  const adopt = (vector: VersionVector): void => {
    seen = joined(seen, vector);
  };
  return {
    vector: () => seen,
    adopt,
    read: async (document, wait) => {
      const caughtUp = await untilCaughtUp(space, seen, wait);
      if (!caughtUp.ok) return caughtUp;
      for (let turn = 1; ; turn += 1) {
        const before = await space.vector();
        const read = await space.read(document);
        if (!read.ok) return read;
        const after = await space.vector();
        if (lacking(before, after) > 0 && turn < MAX_TURNS) continue;
        // What came while it was read may show already, so none of it may be missing later.
        adopt(after);
        return ok({ value: read.value, reflects: before });
      }
    },
    change: async (change, wait) => {
      const caughtUp = await untilCaughtUp(space, seen, wait);
      if (!caughtUp.ok) return caughtUp;
      const written = await space.change(change);
      if (written.ok && written.value !== null) {
        adopt(new Map([[written.value.author, written.value.seq]]));
      }
      return written;
    },
  };
}

/** Settles when a space shows all of `vector`. Failures: `timeout`, which says how much is missing; `cancelled`. */
export async function untilCaughtUp(
  space: Pick<SessionSpace, 'vector' | 'excused' | 'onEntries'>,
  vector: VersionVector,
  { deadlineMs, signal }: Wait,
): Promise<Result<null>> {
  const endsAtMs = performance.now() + deadlineMs;
  for (;;) {
    const moved = Promise.withResolvers<void>();
    const stop = space.onEntries(() => moved.resolve());
    try {
      const missing = await missingIn(space, vector);
      if (missing === 0) return ok(null);
      if (signal?.aborted === true) return CANCELLED;
      const leftMs = endsAtMs - performance.now();
      if (leftMs <= 0) return notCaughtUp(missing);
      await soon(moved.promise, leftMs, signal);
    } finally {
      stop();
    }
  }
}

/** Of a log that was ended or cut by a decision nothing more is to be waited for. */
async function missingIn(
  space: Pick<SessionSpace, 'vector' | 'excused'>,
  vector: VersionVector,
): Promise<number> {
  const here = await space.vector();
  const excused = space.excused();
  return lacking(here, new Map([...vector].filter(([author]) => !excused.has(author))));
}

async function soon(moved: Promise<void>, ms: number, signal?: AbortSignal): Promise<void> {
  const end = Promise.withResolvers<void>();
  const timer = setTimeout(end.resolve, ms);
  const stop = () => end.resolve();
  signal?.addEventListener('abort', stop);
  await Promise.race([moved, end.promise]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
}

function notCaughtUp(missing: number): Result<never> {
  const changes = missing === 1 ? '1 change' : `${missing} changes`;
  return fail(
    'timeout',
    `This browser has not caught up yet: ${changes} that you have seen elsewhere are missing.`,
    'They come as soon as a browser that has them is connected. Nothing is lost.',
  );
}

const CANCELLED = fail('cancelled', 'Waiting was stopped.', 'Ask again.');
