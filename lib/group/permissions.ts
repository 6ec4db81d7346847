// What the control log allows each device to write, and which of its entries count at all.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Role } from '../wire/control-act.ts';
import type { LogPoint } from '../wire/control-parts.ts';
import { roleOf, type ControlState } from './control-state.ts';

/** What an entry is about, as its opened body says. */
export type WriteTarget =
  | { readonly kind: 'change'; readonly document: string }
  | { readonly kind: 'event'; readonly event: string };

/** Facts that every member may state: who they are, which devices are theirs, that they want out, that their key is no good. */
const FROM_EVERY_MEMBER = ['announce', 'device', 'device_removed', 'leave', 'complaint'];
/** Documents that are only remarks on something else. */
const REMARKS = ['page/', 'thread/'];

/**
 * Whether a device may write this. `state` is the one at the control head that the entry names, so that every replica
 * gives the same answer at any time.
 */
export function mayWrite(state: ControlState, device: Uint8Array, target: WriteTarget): boolean {
  const role = roleOf(state, device);
  return role !== null && roleMayWrite(role, target);
}

export function roleMayWrite(role: Role, target: WriteTarget): boolean {
  if (role === 'steward' || role === 'editor') return true;
  if (target.kind === 'event') return FROM_EVERY_MEMBER.includes(target.event);
  return role === 'commenter' && REMARKS.some((prefix) => target.document.startsWith(prefix));
}

/** Where an entry stands in its author's log. */
export interface LogPlace {
  readonly device: Uint8Array;
  readonly segment: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array;
}

/**
 * Whether an entry counts for nothing because it lies beyond a removal's frontier or on the dropped side of a fork.
 * `state` is the newest one known, whatever head the entry names. Below a point of `anchorsOf` it is for the log to
 * hold that the entry leads up to that point.
 */
export function isInert(state: ControlState, { device, segment, seq, hash }: LogPlace): boolean {
  const id = toHex(device);
  const frontier = state.gone.get(id);
  if (frontier !== undefined && isPast(frontier, seq, hash)) return true;
  return (state.cuts.get(id) ?? []).some(
    (cut) =>
      (seq > cut.seq && equalBytes(segment, cut.segment)) ||
      (seq === cut.seq && (cut.hash === null || !equalBytes(hash, cut.hash))),
  );
}

/** Points through which a device's log must pass, as far as it reaches: certified heads, cuts, the frontier. Ascending. */
export function anchorsOf(state: ControlState, device: Uint8Array): readonly LogPoint[] {
  const id = toHex(device);
  const cuts = (state.cuts.get(id) ?? []).map(({ seq, hash }) => ({ device, seq, hash }));
  const certified = state.checkpoint?.heads.filter((head) => equalBytes(head.device, device)) ?? [];
  const frontier = state.gone.get(id);
  return [...certified, ...cuts, ...(frontier === undefined ? [] : [frontier])]
    .filter(({ seq }) => seq > 0)
    .map(({ seq, hash }) => ({ device, seq, hash }))
    .toSorted((a, b) => a.seq - b.seq);
}

function isPast(frontier: LogPoint, seq: number, hash: Uint8Array): boolean {
  if (seq !== frontier.seq) return seq > frontier.seq;
  return frontier.hash === null || !equalBytes(hash, frontier.hash);
}
