// A file as a panel shows it.
import type { Failure } from '../wire/failure.ts';
import type { Hand } from './panel-state.ts';

/** A file of the space that is open. */
export interface FileView {
  readonly id: string;
  readonly spaceId: string;
  readonly name: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
  readonly by: Hand;
  readonly addedAt: number;
  /** Whether its bytes are in this browser, on their way, or only with others. */
  readonly state: 'here' | 'coming' | 'elsewhere';
  /** How much of it is here while it is coming, of 100. */
  readonly percent: number;
  /** False while nobody but this browser holds what was added here. */
  readonly sent: boolean;
  /** Why it could not be fetched, or why the relay did not take it. */
  readonly problem: Failure | null;
  /** Added by this person: may be removed here. */
  readonly mine: boolean;
}
