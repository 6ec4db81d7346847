// One authenticated connection to another replica, carrying any number of spaces.
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import type { Channel, CloseReason } from '../transport/channel.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, failureOf, type Failure } from '../wire/failure.ts';
import { decodeSyncMessage, encodeSyncMessage, type SyncMessage } from '../wire/sync-message.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { accessMessage, createHandshake, type Handshaken, type Role } from './handshake.ts';
import { createOutbox } from './outbox.ts';
import type { Replica } from './replica.ts';

/** Which spaces this node holds and how membership is shown and checked. */
export interface SpaceDoor {
  /** What to show the other side to be let into a space; null when this node does not hold it. */
  ticket(space: Uint8Array): Promise<{
    readonly genesis: Uint8Array;
    sign(message: Uint8Array): Promise<Uint8Array>;
  } | null>;
  /** The key against which a ticket is checked, or why the space is not served here. */
  accessKey(
    space: Uint8Array,
    genesis: Uint8Array,
  ): Promise<
    | { readonly ok: true; readonly value: Uint8Array }
    | { readonly ok: false; readonly failure: Failure }
  >;
}

export interface SessionEvents {
  /** A space flows in both directions now. */
  onOpened?(space: string): void;
  /** What the other holds of a space has changed. */
  onProgress?(space: string): void;
  onPresence?(space: string, sealed: Uint8Array): void;
  /** The other refused something of ours. */
  onRefused?(space: string | null, failure: Failure): void;
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

interface OpenSpace {
  readonly exchange: Exchange;
  readonly bytes: Uint8Array;
  offered: boolean;
  admitted: boolean;
}

export function createSession(options: SessionOptions): Session {
  const { channel, signer, replica, door, events } = options;
  const handshake = createHandshake(channel, signer, options.role);
  const spaces = new Map<string, OpenSpace>();
  const other = Promise.withResolvers<Handshaken | null>();
  let stage: 'hello' | 'proof' | 'ready' = 'hello';
  let known: Handshaken | null = null;
  let fault: Failure | null = null;
  const outbox = createOutbox(channel, () => {
    for (const space of spaces.values()) if (flows(space)) space.exchange.drained();
  });
  const post = (message: SyncMessage, urgency: 'answer' | 'push' = 'answer'): boolean =>
    outbox.post(encodeSyncMessage(message), urgency);

  const end = (failure: Failure, space: Uint8Array | null = null): void => {
    fault ??= failure;
    post({ type: 'refuse', space, failure });
    channel.close('malformed');
  };

  const spaceOf = (bytes: Uint8Array): OpenSpace => {
    const id = toHex(bytes);
    const open = spaces.get(id) ?? {
      bytes,
      offered: false,
      admitted: false,
      exchange: createExchange({
        space: bytes,
        replica,
        send: post,
        onOffence: (failure) => end(failure, bytes),
        onProgress: () => events.onProgress?.(id),
      }),
    };
    spaces.set(id, open);
    return open;
  };

  /** A relay holds no key, so the other's ticket is enough; two nodes each show theirs. */
  const flows = (space: OpenSpace): boolean =>
    (space.offered || options.role === 'relay') && (space.admitted || known?.role === 'relay');

  const beginIfOpen = async (id: string, space: OpenSpace): Promise<void> => {
    if (!flows(space)) return;
    await space.exchange.start();
    events.onOpened?.(id);
  };

  const admit = async (message: Extract<SyncMessage, { type: 'open' }>): Promise<void> => {
    if (spaces.size >= (options.maxSpaces ?? 1000) || known === null) return;
    const key = await door.accessKey(message.space, message.genesis);
    const refuse = (failure: Failure): void => {
      post({ type: 'refuse', space: message.space, failure });
    };
    if (!key.ok) return refuse(key.failure);
    const signed = accessMessage(known.transcript, message.space, known.device);
    if (!(await verify(key.value, signed, message.access))) return refuse(NOT_A_MEMBER);
    const space = spaceOf(message.space);
    if (space.admitted) return;
    space.admitted = true;
    await beginIfOpen(toHex(message.space), space);
  };

  const receive = async (message: SyncMessage): Promise<void> => {
    if (message.type === 'hello' || message.type === 'proof') return end(OUT_OF_TURN);
    if (message.type === 'open') return admit(message);
    if (message.type === 'refuse') {
      return events.onRefused?.(message.space && toHex(message.space), message.failure);
    }
    const id = toHex(message.space);
    const space = spaces.get(id);
    if (space === undefined || !flows(space)) return;
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
        return events.onPresence?.(id, message.sealed);
      case 'close':
        spaces.delete(id);
    }
  };

  const step = async (bytes: Uint8Array): Promise<void> => {
    if (stage === 'hello') {
      const proof = await handshake.greet(bytes);
      if (!proof.ok) return end(proof.failure);
      stage = 'proof';
      outbox.post(proof.value, 'answer');
    } else if (stage === 'proof') {
      const concluded = await handshake.conclude(bytes);
      if (!concluded.ok) return end(concluded.failure);
      known = concluded.value;
      stage = 'ready';
      other.resolve(known);
    } else {
      const message = decodeSyncMessage(bytes);
      if (!message.ok) return end(message.failure);
      await receive(message.value);
    }
  };

  const unsubscribe = replica.subscribe((id, stored) => {
    const space = spaces.get(id);
    if (space !== undefined && flows(space)) space.exchange.advanced(stored);
  });
  const timer = setTimeout(() => {
    if (stage !== 'ready') channel.close('timeout');
  }, options.handshakeTimeoutMs ?? 10_000);
  void channel.closed.then((reason) => {
    clearTimeout(timer);
    unsubscribe();
    other.resolve(null);
    events.onClosed?.(reason, fault);
  });
  channel.receive((bytes) => step(bytes).catch((error: unknown) => end(failureOf(error))));
  outbox.post(handshake.hello, 'answer');

  return {
    other: other.promise,
    open: async (bytes) => {
      const [ticket, device] = await Promise.all([door.ticket(bytes), other.promise]);
      if (ticket === null || device === null) return;
      const space = spaceOf(bytes);
      if (space.offered) return;
      const access = await ticket.sign(accessMessage(device.transcript, bytes, signer.publicKey));
      if (space.offered) return;
      space.offered = true;
      post({ type: 'open', space: bytes, genesis: ticket.genesis, access });
      await beginIfOpen(toHex(bytes), space);
    },
    closeSpace: (id) => {
      const space = spaces.get(id);
      if (space !== undefined) post({ type: 'close', space: space.bytes });
      spaces.delete(id);
    },
    sendPresence: (id, sealed) => {
      const space = spaces.get(id);
      if (space !== undefined && flows(space)) {
        post({ type: 'presence', space: space.bytes, sealed }, 'push');
      }
    },
    isOpen: (id) => {
      const space = spaces.get(id);
      return space !== undefined && flows(space);
    },
    heldByOther: (id, author) => spaces.get(id)?.exchange.heldByOther(author) ?? 0,
    close: (reason = 'local') => channel.close(reason),
  };
}

const NOT_A_MEMBER = fail(
  'permission_denied',
  'The other side did not show that it belongs to this space.',
  'Ask a member of the space for a new invite link.',
).failure;

const OUT_OF_TURN = fail(
  'malformed',
  'The other side started the protocol twice.',
  'Make sure that both sides run a current version of Commonplace.',
).failure;
