// Direct connections to the people of shared spaces: whom to dial, and which spaces flow over each.
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import { createSession } from '../sync/session.ts';
import type { BlobKeeper } from '../sync/blob-exchange.ts';
import type { Session, SessionEvents } from '../sync/session-contract.ts';
import type { SpaceDoor } from '../sync/space-door.ts';
import type { Channel } from '../transport/channel.ts';
import type { PeerHost } from '../transport/peer-host.ts';
import { compareBytes, fromHex, toHex } from '../wire/bytes.ts';

export interface PeersOptions {
  readonly signer: Signer;
  readonly replica: Replica;
  readonly door: SpaceDoor;
  readonly blobs: BlobKeeper;
  readonly events: SessionEvents;
  /** The spaces in which a device has shown itself. */
  readonly spacesOf: (device: string) => readonly string[];
  /** The connection to a device has ended. */
  readonly onParted: (device: string) => void;
  readonly onChange: () => void;
}

const DIAL_DEADLINE_MS = 12_000;

export class Peers {
  readonly #options: PeersOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #dialing = new Set<string>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** Whether a device is connected directly and a space flows over that connection. */
  isDirect(device: string, space: string): boolean {
    return this.#sessions.get(device)?.isOpen(space) ?? false;
  }

  sessions(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** A device is in a space: opens the space with it, over a new connection if there is none. */
  async meet(device: Uint8Array, peerId: string | null, host: PeerHost | null): Promise<void> {
    const id = toHex(device);
    const known = this.#sessions.get(id);
    if (known !== undefined) return this.#openShared(known, id);
    // Of two devices exactly one dials, so that they do not connect twice.
    const dials = compareBytes(this.#options.signer.publicKey, device) < 0;
    if (!dials || peerId === null || host === null || this.#dialing.has(id)) return;
    this.#dialing.add(id);
    try {
      const channel = await host.dial(peerId, AbortSignal.timeout(DIAL_DEADLINE_MS));
      if (channel.ok) await this.take(channel.value, id);
    } finally {
      this.#dialing.delete(id);
    }
  }

  /** Takes a connection, dialled or accepted; settles when the other has proved who it is. */
  async take(channel: Channel, expected: string | null = null): Promise<void> {
    const { signer, replica, door, blobs, events } = this.#options;
    let id: string | null = null;
    const session: Session = createSession({
      channel,
      signer,
      role: 'node',
      replica,
      door,
      blobs,
      events: {
        ...events,
        onClosed: (reason, failure) => {
          if (id !== null && this.#sessions.get(id) === session) this.#part(id);
          events.onClosed?.(reason, failure);
          this.#options.onChange();
        },
      },
    });
    const other = await session.other;
    if (other === null) return;
    id = toHex(other.device);
    if ((expected !== null && id !== expected) || other.role !== 'node') return session.close();
    this.#sessions.get(id)?.close();
    this.#sessions.set(id, session);
    await this.#openShared(session, id);
  }

  closeSpace(space: string): void {
    for (const session of this.#sessions.values()) session.closeSpace(space);
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }

  #part(device: string): void {
    this.#sessions.delete(device);
    this.#options.onParted(device);
  }

  async #openShared(session: Session, device: string): Promise<void> {
    for (const space of this.#options.spacesOf(device)) {
      const bytes = fromHex(space);
      if (bytes !== null) await session.open(bytes);
    }
    this.#options.onChange();
  }
}
