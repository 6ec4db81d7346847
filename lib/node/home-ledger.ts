// The ledger of authority, kept as events in the log of the person's home space.
import type { Ledger, Recorded } from '../authority/ledger.ts';
import type { Space } from '../space/space.ts';
import { parseAuthorityEvent } from '../wire/authority.ts';
import { ok } from '../wire/failure.ts';

const AUTHORITY = 'authority/';

export function createHomeLedger(home: Space): Ledger {
  return {
    append: async (event) => {
      const written = await home.record(`${AUTHORITY}${event.kind}`, event);
      return written.ok ? ok({ entry: written.value.hash }) : written;
    },
    replay: async function* (): AsyncIterable<Recorded> {
      for (const { body, hash } of await home.entries()) {
        if (body.kind !== 'event' || !body.event.startsWith(AUTHORITY)) continue;
        const event = parseAuthorityEvent(body.payload);
        if (event.ok) yield { event: event.value, entry: hash, at: body.at };
      }
    },
  };
}
