// The node's side of the document worker: calls with deadlines, and a watchdog that replaces a worker that hangs.
import { fail, type Result } from '../wire/failure.ts';
import type {
  DocumentCallName,
  DocumentCalls,
  DocumentReply,
  DocumentRequest,
} from './worker/protocol.ts';

/** Where a fresh document worker comes from; each call ends the one before it. */
export interface WorkerSource {
  start(): Promise<Result<MessagePort>>;
}

export interface DocumentClient {
  /** Failures: what the call itself says, `timeout` (the worker hung and was replaced), `unavailable`. */
  call<N extends DocumentCallName>(
    name: N,
    args: Parameters<DocumentCalls[N]>[0],
  ): Promise<Result<ReturnType<DocumentCalls[N]>>>;
  /** Calls back when a worker was lost and everything loaded into it with it; returns how to stop. */
  onLost(listener: () => void): () => void;
  /** Gives up the worker: what is in flight fails, the next call starts a fresh one. */
  replace(): void;
}

/** A change that keeps a worker busy for longer than this is treated as hostile. */
const CALL_TIMEOUT_MS = 15_000;

interface Waiting {
  readonly settle: (result: Result<unknown>) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export function createDocumentClient(source: WorkerSource): DocumentClient {
  return new Client(source);
}

class Client implements DocumentClient {
  readonly #source: WorkerSource;
  readonly #waiting = new Map<number, Waiting>();
  #port: Promise<Result<MessagePort>> | null = null;
  readonly #listeners = new Set<() => void>();
  #nextId = 1;

  constructor(source: WorkerSource) {
    this.#source = source;
  }

  onLost(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async call<N extends DocumentCallName>(
    name: N,
    args: Parameters<DocumentCalls[N]>[0],
  ): Promise<Result<ReturnType<DocumentCalls[N]>>> {
    this.#port ??= this.#start();
    const port = await this.#port;
    if (!port.ok) {
      this.#port = null;
      return port;
    }
    const { promise, resolve } = Promise.withResolvers<Result<unknown>>();
    const request: DocumentRequest = { id: this.#nextId++, call: name, args };
    const timer = setTimeout(() => this.replace(), CALL_TIMEOUT_MS);
    this.#waiting.set(request.id, { settle: resolve, timer });
    port.value.postMessage(request);
    // Both ends are of one build, so the reply has the type that the call promises.
    return (await promise) as Result<ReturnType<DocumentCalls[N]>>;
  }

  async #start(): Promise<Result<MessagePort>> {
    const port = await this.#source.start();
    if (!port.ok) return port;
    port.value.addEventListener('message', (event: MessageEvent<DocumentReply>) => {
      const waiting = this.#waiting.get(event.data.id);
      if (waiting === undefined) return;
      this.#waiting.delete(event.data.id);
      clearTimeout(waiting.timer);
      waiting.settle(event.data.result);
    });
    port.value.start();
    return port;
  }

  replace(): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    void this.#port?.then((port) => port.ok && port.value.close());
    this.#port = null;
    for (const listener of this.#listeners) listener();
    for (const { settle, timer } of lost) {
      clearTimeout(timer);
      settle(HUNG);
    }
  }
}

const HUNG = fail(
  'timeout',
  'A document took too long to change and was stopped.',
  'Nothing is lost: it is rebuilt from the log. If it happens again, someone sent a harmful change.',
);
