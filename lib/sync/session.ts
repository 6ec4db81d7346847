// One authenticated connection to another replica, carrying any number of spaces.
import type { CloseReason } from '../transport/channel.ts';
import { toHex } from '../wire/bytes.ts';
import { failureOf, type Failure } from '../wire/failure.ts';
import {
  decodeSyncMessage,
  encodeSyncMessage,
  type Head,
  type SyncMessage,
} from '../wire/sync-message.ts';
import { isBlobMessage } from '../wire/blob-message.ts';
import { createBlobExchange, type BlobExchange } from './blob-exchange.ts';
import { createExchange } from './exchange.ts';
import { Doorstep, type Knock } from './doorstep.ts';
import type { Exchange } from './exchange-contract.ts';
import { accessMessage, createHandshake, type Handshaken } from './handshake.ts';
import { createOpenSpaces, type OpenSpace, type OpenSpaces } from './open-spaces.ts';
import { createOpening, type Opening } from './opening.ts';
import type { Session, SessionOptions } from './session-contract.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { OUT_OF_TURN, TOO_MANY_SPACES, REMOVED } from './refusals.ts';

export const createSession = (options: SessionOptions): Session => new SyncSession(options);

/** Answers that may wait to be sent before the next question is heard. */
const ANSWER_ROOM_BYTES = 4 * 1024 * 1024;
/** How long the other has to take in why it is sent away. */
const FAREWELL_MS = 1000;

class SyncSession implements Session {
  readonly #options: SessionOptions;
  readonly #opening: (bytes: Uint8Array) => Promise<Opening>;
  readonly #outbox: Outbox;
  readonly #spaces: OpenSpaces;
  readonly #other = Promise.withResolvers<Handshaken | null>();
  readonly other = this.#other.promise;
  readonly blobs: BlobExchange | null;
  readonly #doorstep: Doorstep;
  #known: Handshaken | null = null;
  #fault: Failure | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { channel, replica } = options;
    const handshake = createHandshake(channel, options.signer, options.role);
    this.#opening = createOpening(handshake);
    this.#spaces = createOpenSpaces(
      (space) => this.#newExchange(space),
      (space) => this.#flows(space),
    );
    this.#doorstep = new Doorstep(options, (message) => this.#post(message));
    this.#outbox = createOutbox(channel, () => {
      for (const { exchange } of this.#spaces.allFlowing()) exchange.drained();
    });
    this.blobs = this.#newBlobExchange();
    const unsubscribe = replica.subscribe((id, stored, forks, more) => {
      this.#spaces.flowing(id)?.exchange.advanced(stored, forks, more);
      if (stored.some(({ header }) => toHex(header.author) === id)) void this.#checkAgain(id);
    });
    const timer = setTimeout(() => {
      if (this.#known === null) channel.close('timeout');
    }, options.handshakeTimeoutMs ?? 10_000);
    void channel.closed.then((reason) => {
      clearTimeout(timer);
      unsubscribe();
      this.#spaces.close();
      this.#other.resolve(null);
      options.events.onClosed?.(reason, this.#fault);
    });
    channel.receive(async (bytes) => {
      // Whoever asks for more than it takes in is not heard until it has taken that in.
      await this.#outbox.below(ANSWER_ROOM_BYTES);
      await this.#step(bytes).catch((error: unknown) => this.#end(failureOf(error)));
    });
    this.#outbox.post(handshake.hello, 'answer');
  }

  async open(bytes: Uint8Array): Promise<void> {
    const { door, signer } = this.#options;
    const [ticket, known] = await Promise.all([door.ticket(bytes), this.other]);
    if (ticket === null || known === null) return;
    // Before they hear of us, whoever came too early has said nothing yet.
    const knock = this.#doorstep.take(toHex(bytes));
    if (knock !== undefined) await this.#admit(knock);
    const space = this.#spaces.obtain(bytes);
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
    this.#doorstep.take(id);
  }

  sendPresence(id: string, sealed: Uint8Array): void {
    const space = this.#spaces.flowing(id);
    if (space === undefined) return;
    this.#post({ type: 'presence', space: space.bytes, sealed }, 'push');
  }

  isOpen(id: string): boolean {
    return this.#spaces.flowing(id) !== undefined;
  }

  heldByOther(id: string, author: string): number {
    return this.#spaces.get(id)?.exchange.heldByOther(author) ?? 0;
  }

  named(id: string): ReadonlyMap<string, Head> | null {
    const exchange = this.#spaces.flowing(id)?.exchange;
    return exchange?.hasHeard === true ? exchange.named : null;
  }

  close(reason: CloseReason = 'local'): void {
    this.#options.channel.close(reason);
  }

  async #step(bytes: Uint8Array): Promise<void> {
    if (this.#fault !== null) return undefined;
    if (this.#known === null) return this.#openingStep(bytes);
    const message = decodeSyncMessage(bytes);
    return message.ok ? this.#receive(message.value) : this.#end(message.failure);
  }

  async #openingStep(bytes: Uint8Array): Promise<void> {
    const opening = await this.#opening(bytes);
    switch (opening.at) {
      case 'answer':
        this.#outbox.post(opening.answer, 'answer');
        break;
      case 'known':
        this.#known = opening.known;
        this.#other.resolve(opening.known);
        break;
      case 'refused':
        this.#options.events.onRefused?.(null, opening.failure);
        this.close();
        break;
      case 'failed':
        this.#end(opening.failure);
    }
  }

  async #receive(message: SyncMessage): Promise<void> {
    const { events } = this.#options;
    if (message.type === 'hello' || message.type === 'proof') return this.#end(OUT_OF_TURN);
    if (message.type === 'open') return this.#admit(message);
    if (message.type === 'refuse') {
      return events.onRefused?.(message.space && toHex(message.space), message.failure);
    }
    const id = toHex(message.space);
    const space = this.#spaces.flowing(id);
    if (space === undefined) {
      if (message.type !== 'entries' || !this.#spaces.get(id)?.offered) return undefined;
      return this.#doorstep.learnRemoval(message.space, message.entries);
    }
    if (message.type === 'presence') return events.onPresence?.(id, message.sealed);
    if (isBlobMessage(message)) return this.blobs?.receive(message);
    if (message.type !== 'close') return space.exchange.receive(message);
    this.#spaces.delete(id);
    return undefined;
  }

  async #admit(message: Knock): Promise<void> {
    if (this.#known === null) return;
    if (this.#spaces.size + this.#doorstep.size >= (this.#options.maxSpaces ?? 1000)) {
      return this.#refuse(message.space, TOO_MANY_SPACES);
    }
    const refusal = await this.#doorstep.judge(this.#known, message);
    if (refusal !== null) return this.#refuse(message.space, refusal);
    const space = this.#spaces.obtain(message.space);
    if (space.admitted) return;
    space.admitted = true;
    // Whoever has shown that they belong may hear the same of us, whichever of the two saw the other first.
    if (space.offered || this.#options.role === 'relay') await this.#beginIfFlowing(space);
    else await this.open(message.space);
  }

  /** The control log moved on: whoever it put out hears no more; with whoever it let in since, all begins anew. */
  async #checkAgain(id: string): Promise<void> {
    if (this.#known !== null && (await this.#doorstep.mayEnter(this.#known, id)))
      return this.close();
    const space = this.#spaces.get(id);
    if (space === undefined || this.#known === null) return;
    const standing = await this.#options.door.standing?.(space.bytes, this.#known.device);
    if (standing !== 'gone') return;
    this.#spaces.delete(id);
    this.#refuse(space.bytes, REMOVED);
  }

  #newExchange(space: Uint8Array): Exchange {
    return createExchange({
      space,
      replica: this.#options.replica,
      send: (message, urgency) => this.#post(message, urgency),
      onOffence: (failure) => this.#end(failure, space),
      onTrouble: (failure) => this.#refuse(space, failure),
      onProgress: () => this.#options.events.onProgress?.(toHex(space)),
    });
  }

  #newBlobExchange(): BlobExchange | null {
    const { blobs: keeper, channel } = this.#options;
    if (keeper === undefined) return null;
    return createBlobExchange({
      keeper,
      flows: (space) => this.isOpen(space),
      send: (message) => void this.#post(message),
      trickle: (message) => this.#outbox.trickle(encodeSyncMessage(message)),
      device: () => (this.#known === null ? '' : toHex(this.#known.device)),
      closed: channel.closed,
    });
  }

  /** A relay holds no key, so the node's ticket is enough there; two nodes each show theirs. */
  #flows({ offered, admitted }: OpenSpace): boolean {
    const { channel, role } = this.#options;
    // Nobody reaches a relay over WebRTC: a peer there that says it is one only wants to be let in.
    const isAtRelay = this.#known?.role === 'relay' && channel.kind !== 'webrtc';
    return (offered || role === 'relay') && (admitted || isAtRelay);
  }

  async #beginIfFlowing(space: OpenSpace): Promise<void> {
    if (!this.#flows(space)) return;
    await space.exchange.start();
    this.#options.events.onOpened?.(toHex(space.bytes));
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
    void this.#outbox.flush(FAREWELL_MS).then(() => this.close('malformed'));
  }

  #post(message: SyncMessage, urgency: 'answer' | 'push' = 'answer'): boolean {
    return this.#outbox.post(encodeSyncMessage(message), urgency);
  }
}
