// `/sync`: each socket becomes a channel, each channel a session of the relay's one replica.
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { ControlLogs } from '../lib/group/control-logs.ts';
import type { Replica } from '../lib/log/replica.ts';
import { createSession } from '../lib/sync/session.ts';
import type { Session } from '../lib/sync/session-contract.ts';
import type { Channel } from '../lib/transport/channel.ts';
import { acceptRelayChannel } from '../lib/transport/relay-socket.ts';
import { fromHex } from '../lib/wire/bytes.ts';
import { fail, type Failure } from '../lib/wire/failure.ts';
import { encodeSyncMessage } from '../lib/wire/sync-message.ts';
import { createRelayDoor } from './door.ts';
import type { RelayLimits } from './limits.ts';
import { meteredChannel } from './metered-channel.ts';
import type { Metrics } from './metrics.ts';
import { createPresenceHub } from './presence.ts';
import type { RelayStore } from './relay-store.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import type { Visitor } from './visitors.ts';

export interface SyncEndpoint {
  accept(socket: WebSocket, visitor: Visitor): void;
  /** Spaces that someone has open. */
  openSpaces(): IterableIterator<string>;
  /** Closes every channel; settles when all are gone or the time is out. */
  drain(deadlineMs: number): Promise<void>;
}

export interface SyncEndpointOptions {
  readonly store: RelayStore;
  readonly replica: Replica;
  readonly controlLogs: ControlLogs;
  readonly limits: RelayLimits;
  readonly metrics: Metrics;
}

interface Member {
  readonly channel: Channel;
  readonly session: Session;
}

/** How long a client that is sent away has to take in why. */
const FAREWELL_MS = 1000;

export function createSyncEndpoint(options: SyncEndpointOptions): SyncEndpoint {
  const { store, replica, controlLogs, limits, metrics } = options;
  const presence = createPresenceHub();
  const members = new Set<Member>();
  const devices = new Map<string, Set<Member>>();

  function dismiss(channel: Channel, failure: Failure): void {
    metrics.refused(failure.code);
    const farewell = encodeSyncMessage({ type: 'refuse', space: null, failure });
    void Promise.race([channel.send(farewell), delay(FAREWELL_MS, undefined, { ref: false })]).then(
      () => channel.close('local'),
    );
  }

  function openSession(channel: Channel, visitor: Visitor): Session {
    const door = createRelayDoor({
      controlLogs,
      spaces: store.spaces,
      hasRoom: () => store.tally.spaces < limits.maxSpaces,
      mayCreate: () => visitor.mayCreateSpace(),
    });
    const say = createSpeaker(limits, metrics, channel);
    const session: Session = createSession({
      channel,
      signer: store.signer,
      role: 'relay',
      replica,
      door,
      blobs: store.blobKeeper,
      maxSpaces: limits.maxSpacesPerConnection,
      events: {
        onOpened: (space) => {
          door.entered(space);
          presence.join(space, session);
        },
        onPresence: (space, sealed) => {
          if (say(space)) presence.say(space, session, sealed);
        },
        onRefusing: (_space, failure) => metrics.refused(failure.code),
      },
    });
    return session;
  }

  /** A device that lost its network may leave dead connections behind, so the newest wins. */
  function admitDevice(did: string, member: Member): void {
    const own = devices.get(did) ?? new Set<Member>();
    devices.set(did, own.add(member));
    if (own.size <= limits.maxConnectionsPerDevice) return;
    const [oldest] = own;
    if (oldest === undefined) return;
    own.delete(oldest);
    dismiss(oldest.channel, TOO_MANY_CONNECTIONS);
  }

  function part(member: Member, did: string | undefined): void {
    members.delete(member);
    presence.leave(member.session);
    const own = did === undefined ? undefined : devices.get(did);
    own?.delete(member);
    if (did !== undefined && own?.size === 0) devices.delete(did);
  }

  return {
    accept(socket, visitor) {
      const accepted = acceptRelayChannel(socket);
      limitFrames(socket, bucket(limits, limits.framesPerSecond), () =>
        dismiss(accepted, TOO_FAST),
      );
      const channel = meteredChannel(accepted, {
        messages: bucket(limits, limits.messagesPerSecond),
        bytes: bucket(limits, limits.bytesPerSecond),
        onThrottled: () => metrics.count('throttled'),
      });
      const session = openSession(channel, visitor);
      const member = { channel, session };
      members.add(member);
      let did: string | undefined;
      void session.other.then((other) => {
        if (other === null) return;
        did = other.did;
        if (other.role === 'relay') dismiss(channel, NO_RELAYS);
        else admitDevice(did, member);
      });
      void channel.closed.then(() => part(member, did));
    },
    openSpaces: () => presence.spaces(),
    async drain(deadlineMs) {
      const gone = [...members].map(({ channel }) => channel.closed);
      for (const { session } of members) session.close('local');
      await Promise.race([Promise.all(gone), delay(deadlineMs, undefined, { ref: false })]);
    },
  };
}

/** Says for each presence message whether it is within the rate; the first that is not is answered. */
function createSpeaker(
  limits: RelayLimits,
  metrics: Metrics,
  channel: Channel,
): (space: string) => boolean {
  const allowance = bucket(limits, limits.presencePerSecond);
  let isTold = false;
  return (space) => {
    metrics.count('presence_messages');
    if (allowance.take()) {
      isTold = false;
      return true;
    }
    metrics.count('presence_dropped');
    if (!isTold) {
      metrics.refused('rate_limited');
      const failure = TOO_MUCH_PRESENCE;
      void channel.send(encodeSyncMessage({ type: 'refuse', space: fromHex(space), failure }));
    }
    isTold = true;
    return false;
  };
}

function limitFrames(socket: WebSocket, allowance: TokenBucket, onExcess: () => void): void {
  let isOver = false;
  socket.on('message', () => {
    if (isOver || allowance.take()) return;
    isOver = true;
    onExcess();
  });
}

function bucket({ burstSeconds }: RelayLimits, perSecond: number): TokenBucket {
  return createTokenBucket({ perSecond, capacity: perSecond * burstSeconds });
}

const TOO_FAST = fail(
  'rate_limited',
  'This connection sent far more than the relay takes.',
  'Connect again later. If it happens in normal use, report it.',
).failure;

const TOO_MUCH_PRESENCE = fail(
  'rate_limited',
  'This connection says more often what it is doing than the relay hands on; some of it was dropped.',
  'Nothing is lost: the next one counts. Send it less often.',
).failure;

const TOO_MANY_CONNECTIONS = fail(
  'rate_limited',
  'This device has connected to the relay too many times at once; the oldest connection was closed.',
  'Close other windows of this browser profile. A copied profile must join anew.',
).failure;

const NO_RELAYS = fail(
  'bad_arguments',
  'This relay serves nodes, not other relays.',
  'Connect to it as a node.',
).failure;
