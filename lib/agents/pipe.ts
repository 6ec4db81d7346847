// A message pipe with its other end: what one side sends, the other is handed. Messages that come before
// there is a receiver wait for it.
import type { MessagePipe } from '../wire/bridge.ts';

export interface PipeEnd {
  readonly pipe: MessagePipe;
  /** Hands the pipe's user a message from the far side. */
  deliver(message: unknown): void;
  /** Says that the far side is gone. */
  closed(): void;
}

export function createPipe(far: { send(message: unknown): void; close(): void }): PipeEnd {
  let receiver: ((message: unknown) => void) | null = null;
  let early: unknown[] = [];
  let open = true;
  const closeListeners: (() => void)[] = [];

  function closed(): void {
    if (!open) return;
    open = false;
    for (const listener of closeListeners) listener();
  }

  return {
    pipe: {
      send: (message) => {
        if (open) far.send(message);
      },
      receive: (next) => {
        receiver = next;
        const waiting = early;
        early = [];
        for (const message of waiting) next(message);
      },
      onClose: (listener) => void closeListeners.push(listener),
      close: () => {
        if (!open) return;
        closed();
        far.close();
      },
    },
    deliver: (message) => {
      if (!open) return;
      if (receiver === null) early.push(message);
      else receiver(message);
    },
    closed,
  };
}
