// Versions of texts that someone asks to be agreed: who approves them, and what a steward's node does when enough have.
import { equalBytes, fromHex, toHex } from '../../wire/bytes.ts';
import { encodeCbor } from '../../wire/cbor.ts';
import { promotionParts, type Approval, type Promotion } from '../../wire/control-parts.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import { parseProposal, PROPOSAL, proposalPayload } from '../../wire/proposal-event.ts';
import { roleOf, type ControlState } from '../../group/control-state.ts';
import { approvePromotion, didApprove } from '../../group/statements.ts';
import { branchId } from '../../space/document-ids.ts';
import type { HeldSpace } from '../held-space.ts';
import type { Profile } from '../profile.ts';
import type { Stewardship } from '../stewardship.ts';

/** A version of a text that is not agreed yet. */
export interface Proposal {
  readonly promotion: Promotion;
  /** Public key of the device that asked first, hex. */
  readonly by: string;
  /** Of people who may edit now, one each: their key in hex, and what one of their devices signed. */
  readonly approvals: ReadonlyMap<string, Approval>;
}

export interface ProposalsOptions {
  readonly profile: () => Profile;
  readonly stewardship: Pick<Stewardship, 'isSteward' | 'propose'>;
}

/** How many must approve, at the least: whoever asks is one of them. */
export function approvalsNeeded({ policy }: Pick<ControlState, 'policy'>): number {
  return Math.max(1, policy.promotion);
}

export class Proposals {
  readonly #options: ProposalsOptions;

  constructor(options: ProposalsOptions) {
    this.#options = options;
  }

  /** Those that still wait, in the order in which they were asked for. */
  async open(held: HeldSpace): Promise<Proposal[]> {
    const state = held.group?.log.tip();
    if (state === undefined) return [];
    const found = new Map<string, { promotion: Promotion; by: string; said: Approval[] }>();
    for (const { author, body } of await held.space.events()) {
      if (body.kind !== 'event' || body.event !== PROPOSAL) continue;
      const event = parseProposal(body.payload);
      if (event === null || toHex(event.approval.device) !== author) continue;
      const name = toHex(encodeCbor(promotionParts(event.promotion)));
      const known = found.get(name) ?? { promotion: event.promotion, by: author, said: [] };
      known.said.push(event.approval);
      found.set(name, known);
    }
    const all = await Promise.all([...found.values()].map((one) => standing(state, one)));
    return all.filter((one) => one.approvals.size > 0 && !isAgreed(state, one.promotion));
  }

  /** Asks that a shared copy, as it is now, become the agreed version. */
  async ask(held: HeldSpace, artifact: string, branch: string): Promise<Result<null>> {
    const document = branchId(branch, artifact);
    const version = await held.space.versions(document, (shelf) => shelf.version(document));
    if (!version.ok) return version;
    const heads = version.value.flatMap((hash) => fromHex(hash) ?? []);
    return this.#approve(held, { branch, artifact, heads });
  }

  async approve(held: HeldSpace, artifact: string, branch: string): Promise<Result<null>> {
    const proposals = await this.open(held);
    const asked = proposals.findLast(
      ({ promotion }) => promotion.artifact === artifact && promotion.branch === branch,
    );
    return asked === undefined ? NOT_ASKED : this.#approve(held, asked.promotion);
  }

  /** As a steward, has what enough people approve written into the control log. */
  async settle(held: HeldSpace): Promise<void> {
    const state = held.group?.log.tip();
    if (state === undefined || !this.#options.stewardship.isSteward(held)) return;
    const proposals = await this.open(held);
    const ready = proposals.find(({ approvals }) => approvals.size >= approvalsNeeded(state));
    if (ready === undefined) return;
    const approvals = [...ready.approvals.values()].toSorted((a, b) =>
      toHex(a.device) < toHex(b.device) ? -1 : 1,
    );
    const act = { kind: 'promote', promotion: ready.promotion, approvals } as const;
    // Where it fails, another steward was faster, or the next entry tries again.
    await this.#options.stewardship.propose(held, [act]);
  }

  async #approve(held: HeldSpace, promotion: Promotion): Promise<Result<null>> {
    const state = held.group?.log.tip();
    if (state === undefined) return NOT_ASKED;
    const { signer } = this.#options.profile();
    const replaced = state.promoted.get(promotion.artifact) ?? null;
    const question = { space: state.space, promotion, replaced };
    const approval = await approvePromotion(signer, question);
    const said = await held.space.record(PROPOSAL, proposalPayload({ promotion, approval }));
    return said.ok ? ok(null) : said;
  }
}

/** What counts of the approvals now: signed for what is agreed today, by people who may edit today. */
async function standing(
  state: ControlState,
  { promotion, by, said }: { promotion: Promotion; by: string; said: readonly Approval[] },
): Promise<Proposal> {
  const replaced = state.promoted.get(promotion.artifact) ?? null;
  const approvals = new Map<string, Approval>();
  for (const approval of said) {
    const role = roleOf(state, approval.device);
    const person = state.devices.get(toHex(approval.device))?.person;
    if (person === undefined || (role !== 'steward' && role !== 'editor')) continue;
    if (approvals.has(person)) continue;
    const question = { space: state.space, promotion, replaced };
    if (await didApprove(approval, question)) approvals.set(person, approval);
  }
  return { promotion, by, approvals };
}

export function isAgreed(state: ControlState, { artifact, branch, heads }: Promotion): boolean {
  const agreed = state.promoted.get(artifact);
  if (agreed === undefined || agreed.branch !== branch) return false;
  const own = agreed.heads;
  return own.length === heads.length && own.every((head, i) => equalBytes(head, heads[i] ?? head));
}

const NOT_ASKED = fail(
  'not_found',
  'Nobody asks for this version to be agreed any more.',
  'It may have been agreed, or something else was agreed meanwhile. Look at the text again.',
);
