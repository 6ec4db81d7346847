// The queue before a channel: answers always go in, pushes only while there is room, so that a slow peer costs bounded memory.
// Pieces of blobs go when nothing else waits.
import type { Channel } from '../transport/channel.ts';

export interface Outbox {
  /** Queues a message. False when a push was turned away; `onRoom` is called when it is worth trying again. */
  post(message: Uint8Array, urgency: 'answer' | 'push'): boolean;
  /** Sends a message as soon as nothing posted waits; settles when it is on its way, with false when the channel is closed. */
  trickle(message: Uint8Array): Promise<boolean>;
  /** Settles when at most this many bytes wait to be sent, or the channel is closed. */
  below(bytes: number): Promise<void>;
  /** Settles when everything is sent, the channel is closed or the time is out. */
  flush(deadlineMs: number): Promise<void>;
}

/** Queued bytes above which pushes are turned away. */
const PUSH_ROOM_BYTES = 2 * 1024 * 1024;

export function createOutbox(channel: Channel, onRoom: () => void): Outbox {
  const queue: Uint8Array[] = [];
  const trickling: { readonly message: Uint8Array; readonly done: (sent: boolean) => void }[] = [];
  let queuedBytes = 0;
  let turnedAway = false;
  let isSending = false;
  let waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  const wake = (): void => {
    for (const { bytes, resolve } of waiting) if (queuedBytes <= bytes) resolve();
    waiting = waiting.filter(({ bytes }) => queuedBytes > bytes);
  };

  const below = (bytes: number): Promise<void> =>
    queuedBytes <= bytes
      ? Promise.resolve()
      : new Promise((resolve) => waiting.push({ bytes, resolve }));

  const sendQueued = async (message: Uint8Array): Promise<void> => {
    const sent = await channel.send(message);
    queuedBytes -= message.length;
    if (!sent.ok) {
      queue.length = 0;
      queuedBytes = 0;
    }
    wake();
    if (turnedAway && queuedBytes < PUSH_ROOM_BYTES / 2) {
      turnedAway = false;
      onRoom();
    }
  };

  const drain = async (): Promise<void> => {
    isSending = true;
    for (;;) {
      const message = queue.shift();
      const next = message === undefined ? trickling.shift() : undefined;
      if (message !== undefined) await sendQueued(message);
      else if (next !== undefined) next.done((await channel.send(next.message)).ok);
      else break;
    }
    isSending = false;
  };

  return {
    post: (message, urgency) => {
      if (urgency === 'push' && queuedBytes + message.length > PUSH_ROOM_BYTES) {
        turnedAway = true;
        return false;
      }
      queue.push(message);
      queuedBytes += message.length;
      if (!isSending) void drain();
      return true;
    },
    trickle: (message) =>
      new Promise((done) => {
        trickling.push({ message, done });
        if (!isSending) void drain();
      }),
    below,
    flush: (deadlineMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, deadlineMs);
        void below(0).then(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
