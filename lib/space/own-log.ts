// What a space asks about this device's own log beyond what is stored here: whether others hold more of it, as they do when
// this browser was put back to an older state, and whether this browser turned out to be a copy of another one.
import type { Failure } from '../wire/failure.ts';

export interface OwnLog {
  /**
   * Settles, within seconds, when others have said how far they hold this device's log and that is here too: true. False
   * when nobody could be asked.
   */
  heard(space: string): Promise<boolean>;
  /** Why nothing may be written: the history here is not the one that goes on. */
  refusal(space: string): Promise<Failure | null>;
}

/** For a log that nobody else holds. */
export const OWN_LOG_HERE: OwnLog = { heard: async () => true, refusal: async () => null };
