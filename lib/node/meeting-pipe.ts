// A line between two devices in a meeting: whole messages in order, each in as many entries as it needs.
import type { PairingPipe } from '../identity/pairing-inbox.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { Space } from '../space/space.ts';
import { concatBytes, fromHex, toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { MAX_PAIRING_BYTES } from '../wire/pairing-message.ts';
import {
  MAX_PART_BYTES,
  OVER,
  overIn,
  overWords,
  PART,
  partIn,
  partWords,
} from './meeting-words.ts';

export interface MeetingRoom {
  readonly space: Pick<Space, 'events' | 'onEntries'>;
  readonly record: Pick<Space, 'record'>['record'];
  /** The key under which this device takes part, hex. */
  readonly own: string;
}

/** `other`: the key under which the other takes part, hex. */
export function openMeetingPipe(
  { space, record, own }: MeetingRoom,
  other: string,
  binding: Uint8Array,
): PairingPipe {
  const to = fromHex(other) ?? new Uint8Array();
  const closed = Promise.withResolvers<void>();
  const inbox = createInbox();
  let isClosed = false;
  const end = (): void => {
    isClosed = true;
    stop();
    closed.resolve();
  };
  const take = (entries: readonly OpenedEntry[]): void => {
    for (const entry of entries) {
      if (entry.author !== other || isClosed) continue;
      const part = partIn(entry);
      if (part !== null && toHex(part.to) === own && !inbox.take(part)) end();
      const over = overIn(entry);
      if (over !== null && toHex(over) === own) end();
    }
  };
  let taken = 0;
  const stop = space.onEntries(() => void readOn());
  const readOn = async (): Promise<void> => {
    const entries = await space.events();
    const from = taken;
    taken = entries.length;
    take(entries.slice(from));
  };
  void readOn();
  return {
    binding,
    send: async (message) => {
      for (let at = 0; at < message.length; at += MAX_PART_BYTES) {
        if (isClosed) return GONE;
        const bytes = message.slice(at, at + MAX_PART_BYTES);
        const bytesLeft = message.length - at - bytes.length;
        const said = await record(PART, partWords({ to, bytesLeft, bytes }));
        if (!said.ok) return said;
      }
      return ok(undefined);
    },
    receive: (receiver) => inbox.receive(receiver),
    close: () => {
      if (isClosed) return;
      end();
      void record(OVER, overWords(to));
    },
    closed: closed.promise,
  };
}

/** Puts parts together again; what comes before there is a receiver is kept for it. */
function createInbox() {
  const whole: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let heldBytes = 0;
  let receiver: ((message: Uint8Array) => unknown) | null = null;
  return {
    /** False: the other says more than it may. */
    take({
      bytes,
      bytesLeft,
    }: {
      readonly bytes: Uint8Array;
      readonly bytesLeft: number;
    }): boolean {
      heldBytes += bytes.length;
      if (heldBytes > 2 * MAX_PAIRING_BYTES) return false;
      parts.push(bytes);
      if (bytesLeft > 0) return true;
      const message = concatBytes(...parts);
      parts = [];
      if (receiver === null) whole.push(message);
      else receiver(message);
      return true;
    },
    receive(to: (message: Uint8Array) => unknown): void {
      receiver = to;
      for (const message of whole.splice(0)) to(message);
    },
  };
}

const GONE: Result<never> = fail(
  'closed',
  'The other device has ended the conversation.',
  'Look at what it says, then start again with a new code.',
);
