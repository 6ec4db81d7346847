// Whether an entry of a space counts, as its control log says: who its author was at the control head that it names, and
// whether it lies beyond the end that a removal has set. The same answer on every replica, whatever came first.
import type { ControlLog } from '../group/control-log.ts';
import { currentEpoch, roleOf } from '../group/control-state.ts';
import { isInert, mayWrite } from '../group/permissions.ts';
import type { EntryHeader } from '../wire/entry.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';

export type Verdict =
  | { readonly kind: 'open' }
  /** Its control head has not come yet. */
  | { readonly kind: 'wait' }
  /** It counts for nothing, and nobody did wrong. */
  | { readonly kind: 'inert' }
  | { readonly kind: 'refuse'; readonly failure: Failure };

/** What is judged of an entry; its body is looked at only once it was opened. */
export interface JudgedEntry {
  readonly header: EntryHeader;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** The newest control head that each author has named, for they may not go back. */
export type NamedHeads = Map<string, Uint8Array>;

/** Without a control log (a home space, a lobby) everyone who holds the key may write. */
export function judge(control: ControlLog | null, entry: JudgedEntry, named: NamedHeads): Verdict {
  if (control === null) return { kind: 'open' };
  const { header } = entry;
  const state = control.stateAt(header.control);
  if (state === null) return { kind: 'wait' };
  const { author: device, segment, seq } = header;
  if (isInert(control.tip(), { device, segment, seq, hash: entry.hash })) return { kind: 'inert' };
  const before = named.get(toHex(device));
  if (before !== undefined && !control.isBelow(before, header.control)) return refuse(WENT_BACK);
  named.set(toHex(device), header.control);
  if (roleOf(state, device) === null) return refuse(NOT_A_MEMBER);
  if (currentEpoch(state).number !== header.epoch) return refuse(WRONG_EPOCH);
  return { kind: 'open' };
}

/** Whether the author's role at that time allowed what the entry holds. */
export function judgeBody(
  control: ControlLog | null,
  entry: JudgedEntry,
  body: EntryBody,
): Result<null> {
  const state = control?.stateAt(entry.header.control) ?? null;
  return state === null || mayWrite(state, entry.header.author, body) ? ok(null) : MAY_NOT;
}

function refuse(failure: Failure): Verdict {
  return { kind: 'refuse', failure };
}

const WENT_BACK = fail(
  'malformed',
  'An author went back to an older state of the group than they had named before.',
  'It is not applied. Their Commonplace may be faulty.',
).failure;

const NOT_A_MEMBER = fail(
  'permission_denied',
  'Someone wrote who was not in the space.',
  'It is not applied.',
).failure;

const WRONG_EPOCH = fail(
  'malformed',
  'An entry is sealed under another key than the group had when it was written.',
  'It is not applied. Its author should update Commonplace.',
).failure;

const MAY_NOT = fail(
  'permission_denied',
  'Someone wrote what their role does not allow.',
  'It is not applied. A steward can give them another role.',
);
