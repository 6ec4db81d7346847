// The extension's end of the bridge: keeps the native port open, tells its sessions apart, and says in
// one observable state whether agents can reach this node and, if not, what to do.
import {
  BRIDGE_VERSION,
  createPieceJoiner,
  HostMessage,
  readWords,
  toPieces,
  type AgentCaller,
  type NodeMessage,
} from '../wire/bridge.ts';
import type { Failure } from '../wire/failure.ts';
import { AgentSession, type ServeAgent } from './agent-session.ts';
import { classifyLoss, retryDelayMs, silentHost, wrongVersion } from './port-loss.ts';

/** The part of `runtime.Port` that the bridge needs; `connectNativeHost` gives the browser's own. */
export interface NativePort {
  postMessage(message: NodeMessage): void;
  disconnect(): void;
  onMessage(listener: (message: unknown) => void): void;
  /** `reason` is the browser's own words for why, where it gives any. */
  onDisconnect(listener: (reason: string | null) => void): void;
}

export type BridgeState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The browser knows no native host of our name. Tried again every minute or on `retryNow`. */
  | { readonly kind: 'not_installed'; readonly failure: Failure }
  | { readonly kind: 'retrying'; readonly failure: Failure };

export interface AgentPortView {
  readonly bridge: BridgeState;
  /** Agents that have proved their keys, in the order in which they came. */
  readonly sessions: readonly AgentCaller[];
}

export interface AgentPort {
  view(): AgentPortView;
  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: (view: AgentPortView) => void): () => void;
  retryNow(): void;
  /** Ends every session of an agent now and tells it why. */
  endSessionsOf(did: string, failure: Failure): void;
  close(): void;
}

export interface AgentPortOptions {
  readonly connect: () => NativePort;
  /** The did of this node's device. */
  readonly node: string;
  readonly serve: ServeAgent;
  readonly helloTimeoutMs?: number;
}

const MAX_SESSIONS = 64;

interface Line {
  readonly session: AgentSession;
  readonly join: ReturnType<typeof createPieceJoiner>;
}

/** Connects at once and keeps connecting until it is closed. */
export function createAgentPort(options: AgentPortOptions): AgentPort {
  const port = new KeptPort(options);
  port.open();
  return port;
}

class KeptPort implements AgentPort {
  readonly #options: AgentPortOptions;
  readonly #listeners = new Set<(view: AgentPortView) => void>();
  readonly #lines = new Map<string, Line>();
  #bridge: BridgeState = { kind: 'connecting' };
  #port: NativePort | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** What the host said before it went. */
  #refusal: Failure | null = null;

  constructor(options: AgentPortOptions) {
    this.#options = options;
  }

  open(): void {
    clearTimeout(this.#timer);
    this.#refusal = null;
    const port = this.#connect();
    if (port === null) return;
    this.#port = port;
    this.#timer = setTimeout(
      () => this.#giveUp(silentHost()),
      this.#options.helloTimeoutMs ?? 10_000,
    );
    port.onMessage((message) => {
      if (this.#port === port) this.#take(message);
    });
    port.onDisconnect((reason) => {
      if (this.#port === port) this.#lost(this.#whyLost(reason));
    });
  }

  /** A browser without native messaging throws at once instead of disconnecting. */
  #connect(): NativePort | null {
    try {
      return this.#options.connect();
    } catch (error) {
      this.#lost(classifyLoss(String(error)));
      return null;
    }
  }

  view(): AgentPortView {
    const sessions = [...this.#lines.values()].flatMap(({ session }) => session.view() ?? []);
    return { bridge: this.#bridge, sessions };
  }

  subscribe(listener: (view: AgentPortView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    if (this.#port !== null) return;
    this.#attempts = 0;
    this.open();
  }

  endSessionsOf(did: string, failure: Failure): void {
    for (const { session } of this.#lines.values()) {
      if (session.view()?.did === did) session.end(failure);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#endAll();
    this.#port?.disconnect();
    this.#port = null;
  }

  #whyLost(reason: string | null): BridgeState {
    return this.#refusal === null ? classifyLoss(reason) : retrying(this.#refusal);
  }

  #lost(next: BridgeState): void {
    clearTimeout(this.#timer);
    this.#port = null;
    this.#endAll();
    const waitMs = retryDelayMs(next.kind === 'not_installed', this.#attempts++);
    this.#timer = setTimeout(() => this.open(), waitMs);
    this.#changed(next);
  }

  /** For a host that misbehaves; `onDisconnect` does not fire for our own disconnect. */
  #giveUp(failure: Failure): void {
    this.#port?.disconnect();
    this.#lost(retrying(failure));
  }

  #endAll(): void {
    for (const { session } of this.#lines.values()) session.end();
  }

  #changed(next: BridgeState = this.#bridge): void {
    this.#bridge = next;
    const view = this.view();
    for (const listener of this.#listeners) listener(view);
  }

  #take(raw: unknown): void {
    const message = readWords(HostMessage, raw);
    if (!message.ok) return this.#giveUp(message.failure);
    const words = message.value;
    if (words.kind === 'hello') this.#greet(words.version);
    else if (words.kind === 'refused') this.#refusal = words.failure;
    else if (words.kind === 'open') this.#openLine(words.session);
    else if (words.kind === 'close') this.#lines.get(words.session)?.session.end();
    else this.#takePiece(words);
  }

  #greet(version: number): void {
    if (version !== BRIDGE_VERSION) return this.#giveUp(wrongVersion(version));
    clearTimeout(this.#timer);
    this.#attempts = 0;
    this.#changed({ kind: 'connected' });
  }

  #openLine(sessionId: string): void {
    if (this.#lines.size >= MAX_SESSIONS || this.#lines.has(sessionId)) {
      return this.#post({ kind: 'close', session: sessionId });
    }
    const session = new AgentSession({
      sessionId,
      node: this.#options.node,
      send: (text) => toPieces(sessionId, text).forEach((piece) => this.#post(piece)),
      serve: this.#options.serve,
      onChange: () => this.#changed(),
      onEnd: () => this.#endLine(sessionId),
    });
    this.#lines.set(sessionId, { session, join: createPieceJoiner() });
    session.start();
  }

  #endLine(session: string): void {
    this.#lines.delete(session);
    this.#post({ kind: 'close', session });
    this.#changed();
  }

  #takePiece(piece: { session: string; text: string; more: boolean }): void {
    const line = this.#lines.get(piece.session);
    if (line === undefined) return this.#post({ kind: 'close', session: piece.session });
    const whole = line.join(piece);
    if (!whole.ok) line.session.end(whole.failure);
    else if (whole.value !== null) line.session.receive(whole.value);
  }

  #post(message: NodeMessage): void {
    try {
      this.#port?.postMessage(message);
    } catch {
      // The port can go at any moment; `onDisconnect` is where that is dealt with.
    }
  }
}

function retrying(failure: Failure): BridgeState {
  return { kind: 'retrying', failure };
}
