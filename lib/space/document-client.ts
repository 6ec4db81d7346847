// The node's side of the document worker: calls with deadlines, and a watchdog that replaces a worker that hangs.
import { fail, type Result } from '../wire/failure.ts';
import {
  READY,
  type DocumentCallName,
  type DocumentCalls,
  type DocumentReply,
  type DocumentRequest,
} from './worker/protocol.ts';

/** Where a fresh document worker comes from; each call ends the one before it. */
export interface WorkerSource {
  start(): Promise<Result<MessagePort>>;
}

export interface DocumentClient {
  /**
   * Failures: what the call itself says; `timeout` when this very call hung the worker; `closed` when the worker was
   * lost before its turn came (ask again, and there is a fresh one); whatever the source says when it has none.
   */
  call<N extends DocumentCallName>(
    name: N,
    args: Parameters<DocumentCalls[N]>[0],
  ): Promise<Result<ReturnType<DocumentCalls[N]>>>;
  /** Calls back when a worker was lost and everything loaded into it with it; returns how to stop. */
  onLost(listener: () => void): () => void;
  /** Gives up the worker: what is in flight fails, the next call starts a fresh one. */
  replace(): void;
}

/** In milliseconds. */
export interface Patience {
  /** How long one call may keep the worker to itself, and how much longer for each change that it carries. */
  readonly callMs: number;
  readonly changeMs: number;
  /** How long a worker may take until it says that it is ready: its wasm loads slowly on a busy machine. */
  readonly startMs: number;
}

const PATIENCE: Patience = { callMs: 2_000, changeMs: 0.5, startMs: 15_000 };

interface Waiting {
  readonly settle: (result: Result<unknown>) => void;
  readonly changes: number;
}

export function createDocumentClient(
  source: WorkerSource,
  patience: Patience = PATIENCE,
): DocumentClient {
  return new Client(source, patience);
}

class Client implements DocumentClient {
  readonly #source: WorkerSource;
  readonly #patience: Patience;
  /** In the order of their turns: the worker answers one call after another. */
  readonly #waiting = new Map<number, Waiting>();
  #port: Promise<Result<MessagePort>> | null = null;
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReady = false;

  constructor(source: WorkerSource, patience: Patience) {
    this.#source = source;
    this.#patience = patience;
  }

  onLost(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async call<N extends DocumentCallName>(
    name: N,
    args: Parameters<DocumentCalls[N]>[0],
  ): Promise<Result<ReturnType<DocumentCalls[N]>>> {
    const starting = (this.#port ??= this.#start());
    const port = await starting;
    if (!port.ok) {
      if (this.#port === starting) this.#port = null;
      return port;
    }
    // Replaced while it was starting.
    if (this.#port !== starting) return LOST;
    const { promise, resolve } = Promise.withResolvers<Result<unknown>>();
    const request: DocumentRequest = { id: this.#nextId++, call: name, args };
    this.#waiting.set(request.id, { settle: resolve, changes: changesIn(args) });
    if (this.#waiting.size === 1) this.#watch();
    port.value.postMessage(request);
    // Both ends are of one build, so the reply has the type that the call promises.
    return (await promise) as Result<ReturnType<DocumentCalls[N]>>;
  }

  async #start(): Promise<Result<MessagePort>> {
    this.#isReady = false;
    const port = await this.#source.start();
    if (!port.ok) return port;
    port.value.addEventListener('message', (event: MessageEvent<DocumentReply>) => {
      const { id, result } = event.data;
      const waiting = this.#waiting.get(id);
      if (waiting === undefined && id !== READY) return;
      this.#waiting.delete(id);
      this.#isReady = true;
      this.#watch();
      waiting?.settle(result);
    });
    port.value.start();
    return port;
  }

  /** Times the call whose turn it is; the time that others wait for it is not theirs. */
  #watch(): void {
    clearTimeout(this.#timer);
    const [head] = this.#waiting.values();
    if (head === undefined) return;
    const { callMs, changeMs, startMs } = this.#patience;
    const budgetMs = this.#isReady ? callMs + head.changes * changeMs : startMs;
    this.#timer = setTimeout(() => this.#hung(), budgetMs);
  }

  #hung(): void {
    const [culprit] = this.#waiting.entries();
    if (culprit === undefined) return;
    const [id, { settle }] = culprit;
    const failure = this.#isReady ? HUNG : NOT_STARTED;
    this.#waiting.delete(id);
    this.replace();
    // At once, since only a new worker ends the old one, which is still busy.
    this.#port = this.#start();
    settle(failure);
  }

  replace(): void {
    if (this.#port === null) return;
    clearTimeout(this.#timer);
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    void this.#port.then((port) => port.ok && port.value.close());
    this.#port = null;
    for (const listener of this.#listeners) listener();
    for (const { settle } of lost) settle(LOST);
  }
}

/** How many changes a call is about, as far as its arguments say. */
function changesIn(args: Parameters<DocumentCalls[DocumentCallName]>[0]): number {
  const changes = 'changes' in args ? args.changes.length : 0;
  return changes + ('base' in args ? (args.base?.changes ?? 0) : 0);
}

const HUNG = fail(
  'timeout',
  'A document took too long to change and was stopped.',
  'Nothing is lost: it is rebuilt from the log. If it happens again, someone sent a harmful change.',
);

const NOT_STARTED = fail(
  'unavailable',
  'The part of Commonplace that holds documents did not start in time.',
  'Try again, or restart the browser. What was saved is in its log.',
);

const LOST = fail(
  'closed',
  'Documents were stopped before this could be done.',
  'Nothing is lost: they are rebuilt from the log. Try again.',
);
