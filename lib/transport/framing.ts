// Our framing over a WebRTC data channel: messages cut into fragments, put together again within bounds.
// The data channel is ordered and reliable, so any frame out of step is not an accident but a fault of the sender.
import { MAX_MESSAGE_BYTES } from './channel.ts';

/**
 * Payload of a fragment. A browser closes the channel, without an error, on a send above the other side's
 * `max-message-size` (65,536 bytes where it names none), so a whole frame stays under that.
 */
export const FRAGMENT_BYTES = 60 * 1024;

const KIND_FRAGMENT = 0;
const KIND_CREDIT = 1;
/** kind u8, message id u32, total length u32, offset u32; big endian. */
const FRAGMENT_HEADER_BYTES = 13;
/** kind u8, consumed bytes u32. */
const CREDIT_BYTES = 5;

/** The frames of one message, in order. An empty message has one frame. Ids count up from 0 and wrap at 2^32. */
export function* fragmentsOf(id: number, message: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; offset === 0 || offset < message.length; offset += FRAGMENT_BYTES) {
    const payload = message.subarray(offset, offset + FRAGMENT_BYTES);
    const frame = new Uint8Array(FRAGMENT_HEADER_BYTES + payload.length);
    const view = new DataView(frame.buffer);
    frame[0] = KIND_FRAGMENT;
    view.setUint32(1, id);
    view.setUint32(5, message.length);
    view.setUint32(9, offset);
    frame.set(payload, FRAGMENT_HEADER_BYTES);
    yield frame;
  }
}

export function creditFrame(bytes: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(CREDIT_BYTES);
  frame[0] = KIND_CREDIT;
  new DataView(frame.buffer).setUint32(1, bytes);
  return frame;
}

export type Unframed =
  | { readonly kind: 'message'; readonly message: Uint8Array }
  | { readonly kind: 'credit'; readonly bytes: number }
  | { readonly kind: 'partial' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too_large' };

/** Takes frames one by one. Holds at most one message; after `malformed` or `too_large` it must not be used. */
export function createUnframer(): (frame: Uint8Array) => Unframed {
  let nextId = 0;
  let message = new Uint8Array(0);
  let filledBytes = 0;

  function takeFragment(frame: Uint8Array): Unframed {
    if (frame.length < FRAGMENT_HEADER_BYTES) return MALFORMED;
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const totalBytes = view.getUint32(5);
    const payload = frame.subarray(FRAGMENT_HEADER_BYTES);
    if (totalBytes > MAX_MESSAGE_BYTES) return { kind: 'too_large' };
    if (view.getUint32(1) !== nextId || view.getUint32(9) !== filledBytes) return MALFORMED;
    if (filledBytes === 0) message = new Uint8Array(totalBytes);
    if (message.length !== totalBytes) return MALFORMED;
    // Only the last fragment may be short, and it must end the message exactly: no padding, no dribbling.
    if (payload.length !== Math.min(FRAGMENT_BYTES, totalBytes - filledBytes)) return MALFORMED;
    message.set(payload, filledBytes);
    filledBytes += payload.length;
    return filledBytes === totalBytes ? whole() : { kind: 'partial' };
  }

  function whole(): Unframed {
    const done = message;
    message = new Uint8Array(0);
    filledBytes = 0;
    nextId = (nextId + 1) >>> 0;
    return { kind: 'message', message: done };
  }

  return (frame) => {
    if (frame[0] === KIND_FRAGMENT) return takeFragment(frame);
    if (frame[0] !== KIND_CREDIT || frame.length !== CREDIT_BYTES) return MALFORMED;
    return { kind: 'credit', bytes: new DataView(frame.buffer, frame.byteOffset).getUint32(1) };
  };
}

const MALFORMED = { kind: 'malformed' } as const;
