// The native host: the browser starts it and talks to it over stdio, agents come in by the private socket.
// It proves agents may use the bridge and carries their words; it reads none of them and decides nothing.
import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import {
  BRIDGE_VERSION,
  createPieceJoiner,
  NodeMessage,
  parseWords,
  toPieces,
  type HostMessage,
} from '../lib/wire/bridge.ts';
import { ok, type Failure, type Result } from '../lib/wire/failure.ts';
import { FrameSocket } from './frame-socket.ts';
import { createFrameReader, encodeFrame } from './frames.ts';
import { greetAgent } from './handshake.ts';
import { openHome } from './home.ts';
import { listenAt } from './listen.ts';
import { secretAt } from './private-file.ts';

export interface HostOptions {
  readonly home: string;
  /** The browser's side: native messaging frames. */
  readonly input: Readable;
  readonly output: Writable;
}

const MAX_STRANGERS = 16;
const MAX_SESSIONS = 64;
/** Pieces and little else come from the extension. */
const MAX_NODE_FRAME_BYTES = 2 * 1024 * 1024;

/** Runs until the browser closes the port. The failure has been told to the browser, too. */
export async function runHost(options: HostOptions): Promise<Result<void>> {
  const browser = new BrowserEnd(options);
  const opened = await openHost(options.home, browser);
  if (!opened.ok) {
    browser.say({ kind: 'refused', failure: brief(opened.failure) });
    return opened;
  }
  browser.say({ kind: 'hello', version: BRIDGE_VERSION, home: options.home });
  const ended = await browser.ended;
  opened.value.close();
  return ended;
}

interface Host {
  close(): void;
}

async function openHost(directory: string, browser: BrowserEnd): Promise<Result<Host>> {
  const home = await openHome(directory);
  if (!home.ok) return home;
  const secret = await secretAt(join(home.value, 'secret'));
  if (!secret.ok) return secret;
  const switchboard = new Switchboard(secret.value, browser);
  const server = await listenAt(home.value, (socket) => void switchboard.admit(socket));
  if (!server.ok) return server;
  browser.onMessage((message) => switchboard.fromNode(message));
  return ok({ close: () => closeServer(server.value, switchboard) });
}

function closeServer(server: Server, switchboard: Switchboard): void {
  server.close();
  switchboard.closeAll();
}

/** Knows which socket belongs to which session. */
class Switchboard {
  readonly #secret: Buffer;
  readonly #browser: BrowserEnd;
  readonly #sessions = new Map<string, { agent: FrameSocket; join: Joiner }>();
  #strangers = 0;

  constructor(secret: Buffer, browser: BrowserEnd) {
    this.#secret = secret;
    this.#browser = browser;
    browser.onDrain(() => this.#eachAgent((agent) => agent.resume()));
  }

  async admit(socket: Socket): Promise<void> {
    if (this.#strangers >= MAX_STRANGERS || this.#sessions.size >= MAX_SESSIONS) {
      socket.destroy();
      return;
    }
    const agent = new FrameSocket(socket);
    this.#strangers++;
    const greeted = await greetAgent(agent, this.#secret);
    this.#strangers--;
    if (greeted.ok) this.#open(agent);
    else agent.close();
  }

  fromNode(message: NodeMessage): void {
    const session = this.#sessions.get(message.session);
    if (session === undefined) return;
    if (message.kind === 'close') return session.agent.close();
    const text = session.join(message);
    if (!text.ok) session.agent.close();
    else if (text.value !== null) session.agent.send(text.value);
  }

  closeAll(): void {
    this.#eachAgent((agent) => agent.destroy());
  }

  #open(agent: FrameSocket): void {
    const session = randomBytes(8).toString('hex');
    this.#sessions.set(session, { agent, join: createPieceJoiner() });
    this.#browser.say({ kind: 'open', session });
    agent.receive((text) => {
      const flowing = toPieces(session, text).map((piece) => this.#browser.say(piece));
      if (flowing.includes(false)) this.#eachAgent((each) => each.pause());
    });
    void agent.closed.then(() => {
      this.#sessions.delete(session);
      this.#browser.say({ kind: 'close', session });
    });
  }

  #eachAgent(act: (agent: FrameSocket) => void): void {
    for (const { agent } of this.#sessions.values()) act(agent);
  }
}

type Joiner = ReturnType<typeof createPieceJoiner>;

/** Native messaging over a pair of streams. */
class BrowserEnd {
  readonly ended: Promise<Result<void>>;
  readonly #output: Writable;
  #receiver: (message: NodeMessage) => void = () => {};

  constructor({ input, output }: HostOptions) {
    this.#output = output;
    const read = createFrameReader({ maxBytes: MAX_NODE_FRAME_BYTES });
    this.ended = new Promise((resolve) => {
      const end = () => resolve(ok(undefined));
      input.on('end', end).on('close', end).on('error', end);
      output.on('close', end).on('error', end);
      input.on('data', (bytes: Buffer) => {
        const taken = this.#take(read(bytes));
        if (!taken.ok) resolve(taken);
      });
    });
  }

  /** False when the browser should be given time to read. */
  say(message: HostMessage): boolean {
    return this.#output.writable && this.#output.write(encodeFrame(JSON.stringify(message)));
  }

  onMessage(receiver: (message: NodeMessage) => void): void {
    this.#receiver = receiver;
  }

  onDrain(listener: () => void): void {
    this.#output.on('drain', listener);
  }

  #take(texts: Result<string[]>): Result<void> {
    if (!texts.ok) return texts;
    for (const text of texts.value) {
      const message = parseWords(NodeMessage, text);
      if (!message.ok) return message;
      this.#receiver(message.value);
    }
    return ok(undefined);
  }
}

/** A failure short enough for the wire. */
function brief({ code, message, remedy }: Failure): Failure {
  return { code, message: message.slice(0, 1000), remedy: remedy.slice(0, 1000) };
}
