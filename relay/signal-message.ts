// What a PeerJS 1.5 client may send to be handed on: checked in shape and size, and rebuilt from what is known,
// so that no other field travels. What it means is for the two ends to judge.
import { z } from 'zod';
import { checkShape } from '../lib/wire/shape.ts';

export const MAX_SIGNAL_BYTES = 64 * 1024;
const MAX_SDP_CHARS = 32 * 1024;

export const peerId = z.string().regex(/^[0-9a-f]{40}$/);
const connection = {
  type: z.enum(['data', 'media']),
  connectionId: z.string().regex(/^[a-z0-9_-]{1,64}$/i),
};
const sdp = <T extends 'offer' | 'answer'>(type: T) =>
  z.object({ type: z.literal(type), sdp: z.string().max(MAX_SDP_CHARS) });

const offer = z.object({
  type: z.literal('OFFER'),
  dst: peerId,
  payload: z.object({
    ...connection,
    sdp: sdp('offer'),
    label: z.string().max(64).optional(),
    reliable: z.boolean().optional(),
    serialization: z.string().max(32).optional(),
  }),
});

const answer = z.object({
  type: z.literal('ANSWER'),
  dst: peerId,
  payload: z.object({ ...connection, sdp: sdp('answer') }),
});

const candidate = z.object({
  type: z.literal('CANDIDATE'),
  dst: peerId,
  payload: z.object({
    ...connection,
    candidate: z.object({
      candidate: z.string().max(1024),
      sdpMid: z.string().max(64).nullish(),
      sdpMLineIndex: z.int().min(0).max(64).nullish(),
      usernameFragment: z.string().max(256).nullish(),
    }),
  }),
});

const leave = z.object({ type: z.literal('LEAVE'), dst: peerId.optional() });
const heartbeat = z.object({ type: z.literal('HEARTBEAT') });

const signal = z.discriminatedUnion('type', [offer, answer, candidate, leave, heartbeat]);

export type Signal = z.infer<typeof signal>;
/** What is worth keeping for a moment when the other is not there yet. */
export type Letter = Extract<Signal, { type: 'OFFER' | 'ANSWER' | 'CANDIDATE' }>;

/** Null when it is not a message of a PeerJS client. */
export function parseSignal(text: string): Signal | null {
  try {
    return checkShape(signal, JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** `/peerjs?key=…&id=…&token=…&version=…` */
export const signalQuery = z.object({
  key: z.literal('peerjs'),
  id: peerId,
  /** Hex of 32 bytes. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
});
