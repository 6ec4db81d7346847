// The ledger of authority, kept as events in the log of the person's home space. Each device keeps its own: what another
// device wrote there is the other's to count and to spend.
import type { Ledger, Recorded } from '../authority/ledger.ts';
import { toHex } from '../wire/bytes.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { Space } from '../space/space.ts';
import { parseAuthorityEvent } from '../wire/authority.ts';
import { ok } from '../wire/failure.ts';

const AUTHORITY = 'authority/';

/** `device`: the public key of the device whose ledger it is. */
export function createHomeLedger(home: Space, device: Uint8Array): Ledger {
  const own = toHex(device);
  return {
    append: async (event) => {
      const written = await home.record(`${AUTHORITY}${event.kind}`, event);
      return written.ok ? ok({ entry: written.value.hash }) : written;
    },
    replay: async function* (): AsyncIterable<Recorded> {
      for (const entry of await home.events()) {
        const recorded = entry.author === own ? recordedIn(entry) : null;
        if (recorded !== null) yield recorded;
      }
    },
  };
}

/** The fact of authority in an entry of the home space, or null. */
export function recordedIn({ body, hash }: OpenedEntry): Recorded | null {
  if (body.kind !== 'event' || !body.event.startsWith(AUTHORITY)) return null;
  const event = parseAuthorityEvent(body.payload);
  return event.ok ? { event: event.value, entry: hash, at: body.at } : null;
}
