// Acts of the control log that speak of what was written: settled forks, checkpoints, promotions.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { LogPoint } from '../wire/control-parts.ts';
import { DONE, isAtOrBeyond, keepsCertified, type Applied, type Draft } from './control-draft.ts';
import { notAllowed } from './control-state.ts';
import type { VerifiedAct } from './verified-acts.ts';

type Verified<Kind extends VerifiedAct['kind']> = Extract<VerifiedAct, { readonly kind: Kind }>;

/** Cuts of one log only go forwards; several may stand at one place when more than two histories began there. */
export function applyForkCut(draft: Draft, { segment, keep }: Verified<'fork_cut'>): Applied {
  const id = toHex(keep.device);
  if (!isKnown(draft, keep)) return unknownDevice();
  const cuts = draft.cuts.get(id) ?? [];
  const repeats = cuts.some((cut) => cut.seq === keep.seq && equalBytes(cut.segment, segment));
  if (repeats || !keepsCertified(draft, keep)) {
    return notAllowed(
      'A checkpoint or an earlier cut of this log says otherwise.',
      'Cut at or after the newest point that is certified.',
    );
  }
  if (isPastFrontier(draft, keep)) return beyondFrontier();
  draft.cuts.set(id, [...cuts, { segment, seq: keep.seq, hash: keep.hash }]);
  return DONE;
}

/** A checkpoint never goes below the one before it, for no author. */
export function applyCheckpoint(draft: Draft, act: Verified<'checkpoint'>): Applied {
  const { heads, snapshot, carrier } = act;
  const named = new Map(heads.map((head) => [toHex(head.device), head]));
  for (const before of draft.checkpoint?.heads ?? []) {
    const now = named.get(toHex(before.device));
    if (now === undefined || !isAtOrBeyond(now, before)) {
      return notAllowed(
        'This checkpoint leaves out entries that the one before it certified.',
        'Make it from a replica that has them.',
      );
    }
  }
  if (draft.before.epochs[carrier.epoch] === undefined) {
    return notAllowed('This checkpoint is sealed for an epoch that never was.', 'Make it anew.');
  }
  for (const head of heads) {
    if (!isKnown(draft, head)) return unknownDevice();
    if (isPastFrontier(draft, head)) return beyondFrontier();
  }
  draft.checkpoint = { height: draft.height, snapshot, heads, carrier };
  return DONE;
}

/** Needs as many approvals, of different editors and stewards, as the policy says. */
export function applyPromotion(draft: Draft, act: Verified<'promote'>): Applied {
  const { promotion, approvals } = act;
  if (approvals.some(({ device }) => approverOf(draft, device) === null)) {
    return notAllowed(
      'A promotion is approved by someone who may not edit.',
      'Only editors and stewards approve.',
    );
  }
  const replaced = draft.before.promoted.get(promotion.artifact);
  if (draft.promoted.get(promotion.artifact) !== replaced) {
    return notAllowed('One artifact is promoted twice at once.', 'Promote one version of it.');
  }
  const approvers = new Set(approvals.map(({ device }) => approverOf(draft, device)));
  if (approvers.size < draft.policy.promotion) {
    return notAllowed(
      `A promotion here needs ${draft.policy.promotion} approvals; this one has ${approvers.size}.`,
      'Ask more editors to approve it.',
    );
  }
  draft.promoted.set(promotion.artifact, promotion);
  return DONE;
}

/** The person behind an approving device, or null when they may not approve. */
function approverOf({ devices, persons }: Draft, device: Uint8Array): string | null {
  const person = devices.get(toHex(device))?.person;
  const role = person === undefined ? undefined : persons.get(person)?.role;
  return person !== undefined && (role === 'steward' || role === 'editor') ? person : null;
}

function isKnown({ devices, gone }: Draft, { device }: LogPoint): boolean {
  return devices.has(toHex(device)) || gone.has(toHex(device));
}

function isPastFrontier({ gone }: Draft, point: LogPoint): boolean {
  const frontier = gone.get(toHex(point.device));
  return frontier !== undefined && !isAtOrBeyond(frontier, point);
}

function unknownDevice(): Applied {
  return notAllowed('This device was never in the space.', 'Name a device that is or was in it.');
}

function beyondFrontier(): Applied {
  return notAllowed(
    'This reaches beyond the point at which the device was removed.',
    'Stay at or below its frontier.',
  );
}
