// A ledger in memory whose power can be cut: what was appended before the cut is there for the next life.
import type { Ledger, Recorded } from '../../lib/authority/ledger.ts';
import type { AuthorityEvent } from '../../lib/wire/authority.ts';
import { parseAuthorityEvent } from '../../lib/wire/authority.ts';
import { fail, ok, unwrap, type Result } from '../../lib/wire/failure.ts';

export type Weather = 'fine' | 'full' | 'doubt_written' | 'doubt_lost' | 'dead';

export interface MemoryLedger extends Ledger {
  readonly events: readonly AuthorityEvent[];
  /** What the next append meets. `doubt_*` rejects after, or without, having written. `dead`: never settles, for good. */
  weather: Weather;
  /** Called when an event is in the log and its writer does not know yet. */
  onWritten: (event: AuthorityEvent) => void;
  /** The same log, as a new life of the node finds it. */
  reborn(): MemoryLedger;
}

export function createMemoryLedger(events: AuthorityEvent[] = []): MemoryLedger {
  const ledger: MemoryLedger = {
    events,
    weather: 'fine',
    onWritten: () => {},
    reborn: () => createMemoryLedger([...events]),
    async append(event): Promise<Result<{ entry: string }>> {
      // Like a real log, it takes some turns of the event loop, so that callers interleave.
      await Promise.resolve();
      const { weather } = ledger;
      if (weather !== 'dead') ledger.weather = 'fine';
      if (weather === 'dead') return new Promise(() => {});
      if (weather === 'full') return fail('storage_full', 'No room.', 'Make some.');
      if (weather === 'doubt_lost') throw new Error('The connection to the log was lost.');
      events.push(unwrap(parseAuthorityEvent(structuredClone(event))));
      ledger.onWritten(event);
      await Promise.resolve();
      if (weather === 'doubt_written') throw new Error('The connection to the log was lost.');
      return ok({ entry: events.length.toString(16).padStart(64, '0') });
    },
    async *replay(): AsyncIterable<Recorded> {
      for (const [index, event] of [...events].entries()) {
        yield { event, entry: index.toString(16).padStart(64, '0'), at: index };
      }
    },
  };
  return ledger;
}
