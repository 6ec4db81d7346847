// One authenticated connection to another replica, carrying any number of spaces.
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import type { Channel, CloseReason } from '../transport/channel.ts';
import { toHex } from '../wire/bytes.ts';
import { failureOf, type Failure } from '../wire/failure.ts';
import { decodeSyncMessage, encodeSyncMessage, type SyncMessage } from '../wire/sync-message.ts';
import { createExchange, type Exchange } from './exchange.ts';
import {
  accessMessage,
  createHandshake,
  type Handshake,
  type Handshaken,
  type Role,
} from './handshake.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Replica } from '../log/replica.ts';
import { NOT_A_MEMBER, OUT_OF_TURN, TOO_MANY_SPACES } from './refusals.ts';
import type { SpaceDoor } from './space-door.ts';

export interface SessionEvents {
  /** A space flows in both directions now. */
  onOpened?(space: string): void;
  /** What the other holds of a space has changed. */
  onProgress?(space: string): void;
  onPresence?(space: string, sealed: Uint8Array): void;
  /** The other refused something of ours. */
  onRefused?(space: string | null, failure: Failure): void;
  /** We refused something of the other's. */
  onRefusing?(space: string | null, failure: Failure): void;
  /** `failure` is what the other did wrong, if anything. */
  onClosed?(reason: CloseReason, failure: Failure | null): void;
}

export interface SessionOptions {
  readonly channel: Channel;
  readonly signer: Signer;
  readonly role: Role;
  readonly replica: Replica;
  readonly door: SpaceDoor;
  readonly events: SessionEvents;
  /** How long the handshake may take; 10 s unless said. */
  readonly handshakeTimeoutMs?: number;
  /** Most spaces open at once; 1,000 unless said. */
  readonly maxSpaces?: number;
}

export interface Session {
  /** Settles when the other has proved who it is, or with null when the channel closed first. */
  readonly other: Promise<Handshaken | null>;
  /** Asks the other to exchange a space; idempotent. Does nothing when this node holds no ticket for it. */
  open(space: Uint8Array): Promise<void>;
  closeSpace(space: string): void;
  sendPresence(space: string, sealed: Uint8Array): void;
  isOpen(space: string): boolean;
  /** The highest seq of an author that the other has confirmed to hold; 0 when none. */
  heldByOther(space: string, author: string): number;
  close(reason?: CloseReason): void;
}

export function createSession(options: SessionOptions): Session {
  return new SyncSession(options);
}

interface OpenSpace {
  readonly exchange: Exchange;
  readonly bytes: Uint8Array;
  /** We showed our ticket. */
  offered: boolean;
  /** The other showed a good one. */
  admitted: boolean;
}

/** Answers that may wait to be sent before the next question is heard. */
const ANSWER_ROOM_BYTES = 4 * 1024 * 1024;
/** How long the other has to take in why it is sent away. */
const FAREWELL_MS = 1000;

class SyncSession implements Session {
  readonly #options: SessionOptions;
  readonly #handshake: Handshake;
  readonly #outbox: Outbox;
  readonly #spaces = new Map<string, OpenSpace>();
  readonly #other = Promise.withResolvers<Handshaken | null>();
  #stage: 'hello' | 'proof' | 'ready' = 'hello';
  #known: Handshaken | null = null;
  #fault: Failure | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { channel, replica } = options;
    this.#handshake = createHandshake(channel, options.signer, options.role);
    this.#outbox = createOutbox(channel, () =>
      this.#eachFlowing((space) => space.exchange.drained()),
    );
    const unsubscribe = replica.subscribe((id, stored) => {
      const space = this.#spaces.get(id);
      if (space !== undefined && this.#flows(space)) space.exchange.advanced(stored);
    });
    const timer = setTimeout(() => {
      if (this.#stage !== 'ready') channel.close('timeout');
    }, options.handshakeTimeoutMs ?? 10_000);
    void channel.closed.then((reason) => {
      clearTimeout(timer);
      unsubscribe();
      this.#other.resolve(null);
      options.events.onClosed?.(reason, this.#fault);
    });
    channel.receive(async (bytes) => {
      // Whoever asks for more than it takes in is not heard until it has taken that in.
      await this.#outbox.below(ANSWER_ROOM_BYTES);
      await this.#step(bytes).catch((error: unknown) => this.#end(failureOf(error)));
    });
    this.#outbox.post(this.#handshake.hello, 'answer');
  }

  get other(): Promise<Handshaken | null> {
    return this.#other.promise;
  }

  async open(bytes: Uint8Array): Promise<void> {
    const { door, signer } = this.#options;
    const [ticket, known] = await Promise.all([door.ticket(bytes), this.other]);
    if (ticket === null || known === null) return;
    const space = this.#spaceOf(bytes);
    if (space.offered) return;
    space.offered = true;
    const access = await ticket.sign(accessMessage(known.transcript, bytes, signer.publicKey));
    this.#post({ type: 'open', space: bytes, genesis: ticket.genesis, access });
    await this.#beginIfFlowing(space);
  }

  closeSpace(id: string): void {
    const space = this.#spaces.get(id);
    if (space !== undefined) this.#post({ type: 'close', space: space.bytes });
    this.#spaces.delete(id);
  }

  sendPresence(id: string, sealed: Uint8Array): void {
    const space = this.#spaces.get(id);
    if (space === undefined || !this.#flows(space)) return;
    this.#post({ type: 'presence', space: space.bytes, sealed }, 'push');
  }

  isOpen(id: string): boolean {
    const space = this.#spaces.get(id);
    return space !== undefined && this.#flows(space);
  }

  heldByOther(id: string, author: string): number {
    return this.#spaces.get(id)?.exchange.heldByOther(author) ?? 0;
  }

  close(reason: CloseReason = 'local'): void {
    this.#options.channel.close(reason);
  }

  async #step(bytes: Uint8Array): Promise<void> {
    if (this.#fault !== null) return undefined;
    if (this.#stage === 'ready') {
      const message = decodeSyncMessage(bytes);
      return message.ok ? this.#receive(message.value) : this.#end(message.failure);
    }
    const early = decodeSyncMessage(bytes);
    if (early.ok && early.value.type === 'refuse') {
      this.#refused(null, early.value.failure);
      return this.close();
    }
    if (this.#stage === 'hello') {
      const proof = await this.#handshake.greet(bytes);
      if (!proof.ok) return this.#end(proof.failure);
      this.#stage = 'proof';
      this.#outbox.post(proof.value, 'answer');
      return undefined;
    }
    const concluded = await this.#handshake.conclude(bytes);
    if (!concluded.ok) return this.#end(concluded.failure);
    this.#known = concluded.value;
    this.#stage = 'ready';
    this.#other.resolve(this.#known);
    return undefined;
  }

  async #receive(message: SyncMessage): Promise<void> {
    switch (message.type) {
      case 'hello':
      case 'proof':
        return this.#end(OUT_OF_TURN);
      case 'open':
        return this.#admit(message);
      case 'refuse':
        return this.#refused(message.space && toHex(message.space), message.failure);
      default:
        return this.#exchange(message);
    }
  }

  async #exchange(
    message: Exclude<SyncMessage, { type: 'hello' | 'proof' | 'open' | 'refuse' }>,
  ): Promise<void> {
    const id = toHex(message.space);
    const space = this.#spaces.get(id);
    if (space === undefined || !this.#flows(space)) return;
    switch (message.type) {
      case 'have':
        return space.exchange.have(message.heads);
      case 'want':
        return space.exchange.want(message.ranges);
      case 'entries':
        return space.exchange.entries(message.entries);
      case 'fork':
        return space.exchange.entries([message.first, message.second]);
      case 'presence':
        this.#options.events.onPresence?.(id, message.sealed);
        break;
      case 'close':
        this.#spaces.delete(id);
    }
  }

  async #admit(message: Extract<SyncMessage, { type: 'open' }>): Promise<void> {
    if (this.#known === null) return;
    if (this.#spaces.size >= (this.#options.maxSpaces ?? 1000)) {
      return this.#refuse(message.space, TOO_MANY_SPACES);
    }
    const key = await this.#options.door.accessKey(message.space, message.genesis);
    if (!key.ok) return this.#refuse(message.space, key.failure);
    const signed = accessMessage(this.#known.transcript, message.space, this.#known.device);
    if (!(await verify(key.value, signed, message.access))) {
      return this.#refuse(message.space, NOT_A_MEMBER);
    }
    const space = this.#spaceOf(message.space);
    if (space.admitted) return;
    space.admitted = true;
    // Whoever has shown that they belong may hear the same of us, whichever of the two saw the other first.
    if (space.offered || this.#options.role === 'relay') await this.#beginIfFlowing(space);
    else await this.open(message.space);
  }

  #spaceOf(bytes: Uint8Array): OpenSpace {
    const id = toHex(bytes);
    const known = this.#spaces.get(id);
    if (known !== undefined) return known;
    const exchange = createExchange({
      space: bytes,
      replica: this.#options.replica,
      send: (message, urgency) => this.#post(message, urgency),
      onOffence: (failure) => this.#end(failure, bytes),
      onTrouble: (failure) => this.#refuse(bytes, failure),
      onProgress: () => this.#options.events.onProgress?.(id),
    });
    const space: OpenSpace = { exchange, bytes, offered: false, admitted: false };
    this.#spaces.set(id, space);
    return space;
  }

  /** A relay holds no key, so the node's ticket is enough there; two nodes each show theirs. */
  #flows(space: OpenSpace): boolean {
    return (
      (space.offered || this.#options.role === 'relay') &&
      (space.admitted || this.#known?.role === 'relay')
    );
  }

  #eachFlowing(visit: (space: OpenSpace) => void): void {
    for (const space of this.#spaces.values()) if (this.#flows(space)) visit(space);
  }

  async #beginIfFlowing(space: OpenSpace): Promise<void> {
    if (!this.#flows(space)) return;
    await space.exchange.start();
    this.#options.events.onOpened?.(toHex(space.bytes));
  }

  #refused(space: string | null, failure: Failure): void {
    this.#options.events.onRefused?.(space, failure);
  }

  #refuse(space: Uint8Array | null, failure: Failure): void {
    this.#post({ type: 'refuse', space, failure });
    this.#options.events.onRefusing?.(space && toHex(space), failure);
  }

  /** Says why and closes, as soon as that is on its way. */
  #end(failure: Failure, space: Uint8Array | null = null): void {
    if (this.#fault !== null) return;
    this.#fault = failure;
    this.#refuse(space, failure);
    const close = (): void => this.#options.channel.close('malformed');
    const timer = setTimeout(close, FAREWELL_MS);
    void this.#outbox.below(0).then(() => {
      clearTimeout(timer);
      close();
    });
  }

  #post(message: SyncMessage, urgency: 'answer' | 'push' = 'answer'): boolean {
    return this.#outbox.post(encodeSyncMessage(message), urgency);
  }
}
