// The interface of direct connections to other nodes. `webrtc.ts` is the real one; on Chrome the service
// worker holds a proxy of it (`peer-host-proxy.ts`), because only the offscreen document has WebRTC.
import type { Result } from '../wire/failure.ts';
import type { Channel } from './channel.ts';

/** Connections at a time, incoming and outgoing, open or being opened. */
export const MAX_PEERS = 8;
/** Incoming connections at a time that have not been admitted yet. */
export const MAX_STRANGERS = 4;
/** How long a stranger has to be admitted. */
export const ADMISSION_DEADLINE_MS = 15_000;

/** Of the connection to signalling. Open channels do not depend on it. */
export type PeerHostState = 'connecting' | 'open' | 'offline';

export interface PeerHost {
  /** Where others dial this host. New with each host. */
  readonly peerId: string;
  readonly state: PeerHostState;
  /** Called on every change of `state`, until the returned function is called. */
  onState(listener: (state: PeerHostState) => void): () => void;
  /**
   * Failures: `bad_arguments` (no peer id), `offline` (no signalling), `not_found` (the relay knows no such
   * peer), `unavailable` (too many peers, or no way through), `timeout`, `cancelled`, `malformed`.
   */
  dial(peerId: string, signal: AbortSignal): Promise<Result<Channel>>;
  /** Closes signalling and every channel. Idempotent. */
  close(): void;
}

/**
 * Takes an incoming channel. It counts as a stranger until the returned promise settles, at most
 * `ADMISSION_DEADLINE_MS`, after which the channel is closed: settle once the other side has proved who it is.
 * `remotePeerId` is the relay's word and proves nothing.
 */
export type OnChannel = (channel: Channel, remotePeerId: string) => Promise<void>;

export interface PeerHostOptions {
  /** The relay's base address, http(s). */
  readonly relayHttpUrl: string;
  readonly onChannel: OnChannel;
  /** Ends the host when aborted, as `close` does. */
  readonly signal: AbortSignal;
  /** None by default: no third party learns of a connection unless someone chose it. */
  readonly iceServers?: readonly RTCIceServer[];
}
