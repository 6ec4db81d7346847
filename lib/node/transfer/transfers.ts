// Files on their way between a page and the node, a piece at a time. One that nobody goes on with is given up.
import { fail, ok, type Result } from '../../wire/failure.ts';
import { concatBytes } from '../../wire/bytes.ts';
import { PIECE_BYTES } from '../../messaging/past.ts';

export interface Transfers {
  /** `source` is drawn on as pieces are asked for. */
  startOut(source: AsyncGenerator<Uint8Array>): string;
  /** The next piece, or the last one again. Failures: `not_found`, whatever the source throws. */
  next(id: string, index: number): Promise<Result<{ data: Uint8Array; done: boolean }>>;
  startIn(sink: Sink): string;
  /** A piece that came before is passed over. Failures: `not_found`, `conflict`, those of the sink. */
  push(id: string, index: number, data: Uint8Array): Promise<Result<null>>;
  /** What came in, for the last word on it. Failure: `not_found`. */
  end(id: string): Result<Sink>;
}

export interface Sink {
  push(piece: Uint8Array): Promise<Result<null>>;
  abandon(): Promise<void>;
}

const IDLE_MS = 120_000;
const MAX_TRANSFERS = 4;

interface Out {
  readonly kind: 'out';
  readonly source: AsyncGenerator<Uint8Array>;
  rest: Uint8Array;
  last: { readonly index: number; readonly data: Uint8Array; readonly done: boolean } | null;
}

interface In {
  readonly kind: 'in';
  readonly sink: Sink;
  pieces: number;
}

export function createTransfers(idleMs = IDLE_MS): Transfers {
  const open = new Map<string, { transfer: Out | In; timer: ReturnType<typeof setTimeout> }>();
  const forget = (id: string): void => {
    const found = open.get(id);
    open.delete(id);
    clearTimeout(found?.timer);
    if (found?.transfer.kind === 'in') void found.transfer.sink.abandon();
    if (found?.transfer.kind === 'out') void found.transfer.source.return(undefined);
  };
  const start = (transfer: Out | In): string => {
    const [oldest] = open.keys();
    if (open.size >= MAX_TRANSFERS && oldest !== undefined) forget(oldest);
    const id = crypto.randomUUID();
    open.set(id, { transfer, timer: setTimeout(() => forget(id), idleMs) });
    return id;
  };
  const touch = (id: string): Out | In | null => {
    const found = open.get(id);
    if (found === undefined) return null;
    clearTimeout(found.timer);
    found.timer = setTimeout(() => forget(id), idleMs);
    return found.transfer;
  };
  return {
    startOut: (source) => start({ kind: 'out', source, rest: new Uint8Array(), last: null }),
    startIn: (sink) => start({ kind: 'in', sink, pieces: 0 }),
    next: async (id, index) => {
      const out = touch(id);
      if (out?.kind !== 'out') return GONE;
      const piece = await nextOf(out, index);
      return piece === null ? OUT_OF_ORDER : ok(piece);
    },
    push: async (id, index, data) => {
      const arriving = touch(id);
      if (arriving?.kind !== 'in') return GONE;
      if (index < arriving.pieces) return ok(null);
      if (index > arriving.pieces) return OUT_OF_ORDER;
      arriving.pieces += 1;
      return arriving.sink.push(data);
    },
    end: (id) => {
      const arriving = touch(id);
      if (arriving?.kind !== 'in') return GONE;
      clearTimeout(open.get(id)?.timer);
      open.delete(id);
      return ok(arriving.sink);
    },
  };
}

async function nextOf(out: Out, index: number): Promise<Out['last']> {
  if (out.last?.index === index) return out.last;
  if (index !== (out.last?.index ?? -1) + 1) return null;
  let done = false;
  while (!done && out.rest.length < PIECE_BYTES) {
    const more = await out.source.next();
    if (more.done === true) done = true;
    else out.rest = concatBytes(out.rest, more.value);
  }
  const data = out.rest.slice(0, PIECE_BYTES);
  out.rest = out.rest.subarray(PIECE_BYTES);
  out.last = { index, data, done: done && out.rest.length === 0 };
  return out.last;
}

const GONE = fail(
  'not_found',
  'The browser stopped this before it was done.',
  'Nothing was changed. Begin again.',
);

const OUT_OF_ORDER = fail(
  'conflict',
  'A piece of the file was sent out of its turn.',
  'Nothing was changed. Begin again.',
);
