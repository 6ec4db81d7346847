// The event by which a member asks for, or agrees to, a promotion: what is to be agreed, and their signature under it.
import type { CborValue } from './cbor.ts';
import {
  approvalParts,
  parseApproval,
  parsePromotion,
  promotionParts,
  type Approval,
  type Promotion,
} from './control-parts.ts';

export const PROPOSAL = 'proposal';

export interface ProposalEvent {
  readonly promotion: Promotion;
  readonly approval: Approval;
}

export function proposalPayload({ promotion, approval }: ProposalEvent): CborValue {
  return [promotionParts(promotion), approvalParts(approval)];
}

/** Null for what is no proposal. */
export function parseProposal(payload: unknown): ProposalEvent | null {
  if (!Array.isArray(payload) || payload.length !== 2) return null;
  const [first, second]: unknown[] = payload;
  const [promotion, approval] = [parsePromotion(first), parseApproval(second)];
  return promotion === null || approval === null ? null : { promotion, approval };
}
