// A linked pair of channels in one process, for tests and simulation: same limits and backpressure as real ones.
import type { Channel, CloseReason } from './channel.ts';
import { createFlow, type Flow, type FlowOptions } from './flow.ts';

export interface MemoryFaults {
  /** The link breaks, seen as `error` by both ends, once this many messages have crossed it. */
  readonly cutAfterMessages?: number;
  /** What a hostile sender puts on the wire in place of a message. */
  readonly tamper?: (message: Uint8Array) => Uint8Array;
}

export interface MemoryPairOptions extends FlowOptions {
  readonly binding?: Uint8Array;
  readonly faults?: MemoryFaults;
  /** Runs each crossing; a simulation decides when, but must keep the order per pair. */
  readonly schedule?: (crossing: () => void) => void;
}

export function memoryChannelPair(options: MemoryPairOptions = {}): [Channel, Channel] {
  const schedule = options.schedule ?? queueMicrotask;
  let crossed = 0;

  function countCrossing(): void {
    crossed += 1;
    if (crossed !== options.faults?.cutAfterMessages) return;
    left.ended('error');
    right.ended('error');
  }

  function end(other: () => Flow): Flow {
    const wire = {
      kind: 'memory' as const,
      binding: options.binding ?? new Uint8Array(32),
      put(message: Uint8Array) {
        const bytes = options.faults?.tamper?.(message) ?? message.slice();
        schedule(() => {
          other().arrived(bytes);
          countCrossing();
        });
      },
      credit: (bytes: number) => schedule(() => other().credited(bytes)),
      close: (reason: CloseReason) => schedule(() => other().ended(seenFromAfar(reason))),
    };
    return createFlow(wire, options);
  }

  const left: Flow = end(() => right);
  const right: Flow = end(() => left);
  return [left.channel, right.channel];
}

function seenFromAfar(reason: CloseReason): CloseReason {
  return reason === 'error' ? 'error' : 'remote';
}
