// The other end of a session, played message by message: it shakes hands honestly and then says what a test wants.
import type { Signer } from '../../lib/identity/signer.ts';
import { accessMessage, createHandshake, type Role } from '../../lib/sync/handshake.ts';
import type { Channel, CloseReason } from '../../lib/transport/channel.ts';
import { openRelayChannel } from '../../lib/transport/relay-socket.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import {
  decodeSyncMessage,
  encodeSyncMessage,
  type SyncMessage,
} from '../../lib/wire/sync-message.ts';
import { eventually } from './eventually.ts';
import type { TestSpace } from './sync-node.ts';

export interface RawPeer {
  readonly channel: Channel;
  readonly received: readonly SyncMessage[];
  readonly closed: Promise<CloseReason>;
  send(message: SyncMessage | Uint8Array): Promise<void>;
  /** What would let this device into the space over this very connection. */
  ticketFor(space: TestSpace): Promise<Extract<SyncMessage, { type: 'open' }>>;
  /** Asks to be let into a space and waits until the other says what it holds. */
  open(space: TestSpace): Promise<void>;
  /** The codes of all refusals so far. */
  refusals(): string[];
}

export async function rawPeerAtRelay(url: string, signer: Signer): Promise<RawPeer> {
  const signal = new AbortController().signal;
  return rawPeer(unwrap(await openRelayChannel(url, { signal, deadlineMs: 10_000 })), signer);
}

export async function rawPeer(
  channel: Channel,
  signer: Signer,
  role: Role = 'node',
): Promise<RawPeer> {
  const handshake = createHandshake(channel, signer, role);
  const received: SyncMessage[] = [];
  const early: Uint8Array[] = [];
  let isReady = false;
  channel.receive((bytes) => {
    if (isReady) received.push(unwrap(decodeSyncMessage(bytes)));
    else early.push(bytes);
  });
  await channel.send(handshake.hello);
  await eventually(() => early.length >= 1);
  await channel.send(unwrap(await handshake.greet(early[0] ?? new Uint8Array())));
  await eventually(() => early.length >= 2);
  const { transcript } = unwrap(await handshake.conclude(early[1] ?? new Uint8Array()));
  isReady = true;
  for (const bytes of early.slice(2)) received.push(unwrap(decodeSyncMessage(bytes)));

  const send = async (message: SyncMessage | Uint8Array): Promise<void> => {
    await channel.send(message instanceof Uint8Array ? message : encodeSyncMessage(message));
  };
  const ticketFor: RawPeer['ticketFor'] = async ({ bytes, genesis, keys }) => {
    const accessSigner = unwrap(await keys.accessSigner(0));
    const access = await accessSigner.sign(accessMessage(transcript, bytes, signer.publicKey));
    return { type: 'open', space: bytes, genesis, access };
  };
  return {
    channel,
    received,
    closed: channel.closed,
    send,
    ticketFor,
    open: async (space) => {
      await send(await ticketFor(space));
      await eventually(() => received.some(({ type }) => type === 'have'));
    },
    refusals: () => received.flatMap((m) => (m.type === 'refuse' ? [m.failure.code] : [])),
  };
}
