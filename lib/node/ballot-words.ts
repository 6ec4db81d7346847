// How stewards' words stand in a space's own log: as an event, so that they are stored, travel by whatever way is open, and
// reach a steward who comes back days later.
import type { OpenedEntry } from '../space/opened-entry.ts';
import { decodeBallotMessage, type BallotMessage } from '../wire/ballot.ts';

export const BALLOT = 'ballot';

/** The message in an entry, or null. What it says is proved by the signatures in it, not by who wrote the entry. */
export function ballotIn({ body }: OpenedEntry): BallotMessage | null {
  if (body.kind !== 'event' || body.event !== BALLOT) return null;
  if (!(body.payload instanceof Uint8Array)) return null;
  const message = decodeBallotMessage(body.payload);
  return message.ok ? message.value : null;
}
