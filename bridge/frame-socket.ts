// A socket that carries whole texts. Bounded both ways: an oversized frame, or a reader so slow that too
// much waits for it, closes the socket.
import type { Socket } from 'node:net';
import { MAX_SESSION_BYTES } from '../lib/wire/bridge.ts';
import { ok, type Failure, type Result } from '../lib/wire/failure.ts';
import { createFrameReader, encodeFrame } from './frames.ts';

const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Enough for every word of a handshake; a stranger may send no more. */
const HANDSHAKE_BYTES = 4 * 1024;
const MAX_EARLY_TEXTS = 64;

export class FrameSocket {
  readonly closed: Promise<Failure>;
  readonly #socket: Socket;
  readonly #limit = { maxBytes: HANDSHAKE_BYTES };
  readonly #early: string[] = [];
  #receiver: ((text: string) => void) | null = null;
  #waiter: ((text: string) => void) | null = null;
  #failure: Failure = GONE;

  constructor(socket: Socket) {
    this.#socket = socket;
    const read = createFrameReader(this.#limit);
    this.closed = new Promise((resolve) => socket.on('close', () => resolve(this.#failure)));
    // Every error is followed by `close`, which says all that matters.
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      const texts = read(bytes);
      if (texts.ok) for (const text of texts.value) this.#take(text);
      else this.#stop(texts.failure);
    });
  }

  send(text: string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(encodeFrame(text));
    if (this.#socket.writableLength > MAX_WAITING_BYTES) this.#stop(TOO_SLOW);
  }

  /** The other end has proved itself: from now on whole session messages are taken. */
  trust(): void {
    this.#limit.maxBytes = MAX_SESSION_BYTES;
  }

  /** Sets the receiver; texts that came before it are handed to it now. */
  receive(receiver: (text: string) => void): void {
    this.#receiver = receiver;
    for (const text of this.#early.splice(0)) receiver(text);
  }

  /** The next text, for the turns of a handshake. Failures: `timeout`, and those of `closed`. */
  next(timeoutMs: number): Promise<Result<string>> {
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(ok(early));
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ ok: false, failure: SILENT }), timeoutMs);
      this.#waiter = (text) => {
        clearTimeout(timer);
        resolve(ok(text));
      };
      void this.closed.then((failure) => {
        clearTimeout(timer);
        resolve({ ok: false, failure });
      });
    });
  }

  /** Flushes what was sent, then closes. */
  close(): void {
    this.#socket.end(() => this.#socket.destroy());
  }

  /** Closes at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #take(text: string): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter !== null) waiter(text);
    else if (this.#receiver !== null) this.#receiver(text);
    else if (this.#early.length < MAX_EARLY_TEXTS) this.#early.push(text);
    else this.#stop(OUT_OF_TURN);
  }

  #stop(why: Failure): void {
    this.#failure = why;
    this.#socket.destroy();
  }
}

const GONE: Failure = {
  code: 'closed',
  message: 'The other end of the bridge closed the connection.',
  remedy: 'It is tried again by itself.',
};

const SILENT: Failure = {
  code: 'timeout',
  message: 'The other end of the bridge did not answer in time.',
  remedy: 'It is tried again by itself.',
};

const TOO_SLOW: Failure = {
  code: 'closed',
  message: 'The agent’s program reads too slowly, so its connection was closed.',
  remedy: 'Start the agent again.',
};

const OUT_OF_TURN: Failure = {
  code: 'malformed',
  message: 'The other end of the bridge said too much before its turn.',
  remedy: 'Update Commonplace so that both programs are of one version.',
};
