// What a PeerJS client may hear from the relay: parsed, bounded, and only what this node uses.
// PeerJS itself trusts it: it would let a stranger choose an unbounded serialiser or fill its store of early messages.
import { z } from 'zod';
import { onlyFingerprint } from './fingerprints.ts';
import { checkShape } from '../wire/shape.ts';

const MAX_SDP_CHARS = 16 * 1024;
const MAX_CANDIDATES = 64;

const peerId = z.string().regex(/^[0-9a-f]{40}$/);
const connectionId = z.string().regex(/^dc_[a-z0-9]{1,32}$/);
const sdp = <T extends 'offer' | 'answer'>(type: T) =>
  z.object({
    type: z.literal(type),
    // Before a browser reads it: of several fingerprints each browser would pick one in its own way.
    sdp: z
      .string()
      .max(MAX_SDP_CHARS)
      .refine((text) => onlyFingerprint(text) !== null),
  });

const offer = z.object({
  type: z.literal('OFFER'),
  src: peerId,
  payload: z.object({
    type: z.literal('data'),
    serialization: z.literal('raw'),
    reliable: z.literal(true),
    label: z.string().max(64),
    connectionId,
    sdp: sdp('offer'),
  }),
});

const answer = z.object({
  type: z.literal('ANSWER'),
  src: peerId,
  payload: z.object({ type: z.literal('data'), connectionId, sdp: sdp('answer') }),
});

const candidate = z.object({
  type: z.literal('CANDIDATE'),
  src: peerId,
  payload: z.object({
    type: z.literal('data'),
    connectionId,
    candidate: z.object({
      candidate: z.string().max(1024),
      sdpMid: z.string().max(64).nullish(),
      sdpMLineIndex: z.int().min(0).max(16).nullish(),
      usernameFragment: z.string().max(256).nullish(),
    }),
  }),
});

/** The other side is not there: PeerServer says `EXPIRE`, or `LEAVE` when it has just gone. */
const absent = z.object({ type: z.enum(['EXPIRE', 'LEAVE']), src: peerId });

const aboutUs = z.object({
  type: z.enum(['OPEN', 'ERROR', 'ID-TAKEN', 'INVALID-KEY']),
  payload: z.object({ msg: z.string().max(200) }).catch({ msg: '' }),
});

const relayed = z.discriminatedUnion('type', [offer, answer, candidate, absent, aboutUs]);
export type RelayedMessage = z.infer<typeof relayed>;

export interface GuardPorts {
  /** Whether PeerJS has a connection of that peer and id. */
  readonly isKnown: (peerId: string, connectionId: string) => boolean;
  /** Whether there is room for one more incoming connection. */
  readonly mayEnter: () => boolean;
  readonly onAbsent: (peerId: string) => void;
}

/** Returns the message for PeerJS as parsed, or null when PeerJS must not see it. */
export function createSignallingGuard(ports: GuardPorts): (raw: unknown) => RelayedMessage | null {
  const candidates = new Map<string, number>();

  function mayAdd(id: string): boolean {
    const count = (candidates.get(id) ?? 0) + 1;
    // Counts of closed connections are of no use; the map stays small by starting over.
    if (candidates.size > 256) candidates.clear();
    candidates.set(id, count);
    return count <= MAX_CANDIDATES;
  }

  return (raw) => {
    const parsed = checkShape(relayed, raw);
    if (!parsed.success) return null;
    const message = parsed.data;
    switch (message.type) {
      case 'OFFER':
        return !ports.isKnown(message.src, message.payload.connectionId) && ports.mayEnter()
          ? message
          : null;
      case 'ANSWER':
        return ports.isKnown(message.src, message.payload.connectionId) ? message : null;
      case 'CANDIDATE': {
        const id = message.payload.connectionId;
        return ports.isKnown(message.src, id) && mayAdd(id) ? message : null;
      }
      case 'EXPIRE':
      case 'LEAVE':
        // Never passed on: PeerJS would close a working connection on the relay's word.
        ports.onAbsent(message.src);
        return null;
      default:
        return message;
    }
  };
}
