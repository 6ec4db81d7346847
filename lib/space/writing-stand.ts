// The state of the group that an entry is written at, and the key that seals it.
import type { ControlLog } from '../group/control-log.ts';
import { currentEpoch, type ControlState } from '../group/control-state.ts';
import type { AuthorKey, EpochKeys } from '../group/epoch-keys.ts';
import type { Signer } from '../identity/signer.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import { ok, type Result } from '../wire/failure.ts';

export const COMPLAINT = 'complaint';

export interface WritingStand {
  /** Null where there is nobody to decide about. */
  readonly state: ControlState | null;
  readonly epoch: number;
  readonly key: AuthorKey;
}

export interface StandOptions {
  readonly keys: EpochKeys;
  readonly control: ControlLog | null;
  readonly signer: Signer;
}

/**
 * The newest state. Whoever was given a bad key for it can only say so under the last good one: a complaint stands at
 * the newest state whose key this device holds. Failure `permission_denied`: there is none.
 */
export async function standFor(
  { keys, control, signer }: StandOptions,
  body: EntryBody,
): Promise<Result<WritingStand>> {
  const isComplaint = body.kind === 'event' && body.event === COMPLAINT;
  let state = control?.tip() ?? null;
  for (;;) {
    const epoch = state === null || !isComplaint ? keys.current() : currentEpoch(state).number;
    const key = await keys.authorKey(epoch, signer.publicKey);
    if (key.ok) return ok({ state, epoch, key: key.value });
    const below = isComplaint && state !== null ? (control?.controlAt(state.head) ?? null) : null;
    const before = below === null ? null : (control?.stateAt(below.entry.prev) ?? null);
    if (before === null) return key;
    state = before;
  }
}
