// The motions of a space: what stewards proposed, what each of them said to it, and which are still open.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { EpochPart } from '../wire/control-epoch.ts';
import { decodeControlEntry, type ControlEntry, type Proposal } from '../wire/control.ts';
import { checkDrafted } from './certificate.ts';
import { foldActs } from './control-fold.ts';
import {
  currentEpoch,
  quorumOf,
  stewardsOf,
  type ControlState,
  type KeyId,
} from './control-state.ts';
import { isRoutine, motionOf, type MotionId } from './motion.ts';
import { controlHash } from './statements.ts';
import { verifyActs } from './verified-acts.ts';

/** An entry that a steward's device drew up. */
export interface DraftedEntry {
  readonly proposal: Proposal;
  readonly entry: ControlEntry;
  readonly hash: Uint8Array;
}

export interface Motion {
  readonly id: MotionId;
  /** Who proposed it. */
  readonly person: KeyId;
  /** The newest; when the control log has moved on since, its proposer has to draw it up anew. */
  readonly draft: DraftedEntry;
}

/** An open motion, and how the stewards stand to it. */
export interface WeighedMotion extends Motion {
  /** Stewards who want it: who proposed it, who said yes; where nobody need be asked, everyone who has not said no. */
  readonly consents: ReadonlySet<KeyId>;
  readonly refusals: ReadonlySet<KeyId>;
  readonly isRoutine: boolean;
  /** More than half want it. */
  readonly isReady: boolean;
  /** So many do not want it that it cannot be decided as they stand now. */
  readonly isDead: boolean;
}

/** Bounds what one steward can make others keep and look at. */
const MAX_OPEN_PER_PERSON = 32;

export class Motions {
  readonly #motions = new Map<MotionId, Motion>();
  readonly #answers = new Map<MotionId, Map<KeyId, boolean>>();
  readonly #withdrawals = new Map<MotionId, Set<KeyId>>();
  readonly #decided = new Set<MotionId>();

  /** A draft, also an old one: its motion may still be open. Null when it is not of a steward of this space. */
  async hearDraft(state: ControlState, proposal: Proposal): Promise<Motion | null> {
    const draft = readDraft(proposal);
    if (draft === null || !equalBytes(draft.entry.space, state.space)) return null;
    const person = state.devices.get(toHex(draft.entry.proposer))?.person;
    const signed = await checkDrafted(state, proposal, draft.entry.proposer, draft.hash);
    if (!signed.ok || person === undefined) return null;
    const id = toHex(motionOf(draft.entry));
    const known = this.#motions.get(id);
    if (known !== undefined && known.draft.entry.height >= draft.entry.height) return known;
    const motion = { id, person, draft };
    this.#motions.set(id, motion);
    this.#forgetOldest(person);
    return motion;
  }

  hearAnswer(person: KeyId, id: MotionId, yes: boolean): void {
    const answers = this.#answers.get(id) ?? new Map<KeyId, boolean>();
    this.#answers.set(id, answers.set(person, yes));
  }

  hearWithdrawal(person: KeyId, id: MotionId): void {
    this.#withdrawals.set(id, (this.#withdrawals.get(id) ?? new Set()).add(person));
  }

  /** The control log has it. */
  decided(entry: ControlEntry): void {
    const id = toHex(motionOf(entry));
    this.#decided.add(id);
    this.#motions.delete(id);
    this.#answers.delete(id);
  }

  isDecided(id: MotionId): boolean {
    return this.#decided.has(id);
  }

  /** What can still be decided on top of a state, oldest first. */
  async open(state: ControlState): Promise<readonly WeighedMotion[]> {
    const weighed = await Promise.all(
      [...this.#motions.values()].map((motion) => this.#weigh(state, motion)),
    );
    return weighed
      .filter((motion) => motion !== null)
      .toSorted((a, b) => a.draft.entry.at - b.draft.entry.at || (a.id < b.id ? -1 : 1));
  }

  async #weigh(state: ControlState, motion: Motion): Promise<WeighedMotion | null> {
    const { id, person, draft } = motion;
    if (this.#decided.has(id) || this.#withdrawals.get(id)?.has(person) === true) return null;
    const stewards = stewardsOf(state);
    if (!stewards.includes(person) || !(await isPossible(state, draft.entry))) return null;
    const said = this.#answers.get(id);
    const routine = await isRoutine(state, draft.entry);
    const wants = (steward: KeyId) => said?.get(steward) ?? (routine || steward === person);
    const consents = new Set(stewards.filter(wants));
    const refusals = new Set(stewards.filter((steward) => said?.get(steward) === false));
    const quorum = quorumOf(state);
    const isReady = consents.size >= quorum;
    const isDead = stewards.length - refusals.size < quorum;
    return { ...motion, consents, refusals, isRoutine: routine, isReady, isDead };
  }

  #forgetOldest(person: KeyId): void {
    const theirs = [...this.#motions.values()].filter((motion) => motion.person === person);
    for (const { id } of theirs.slice(0, -MAX_OPEN_PER_PERSON)) this.#motions.delete(id);
  }
}

/** Null when its bytes are no entry. */
export function readDraft(proposal: Proposal): DraftedEntry | null {
  const entry = decodeControlEntry(proposal.entryBytes);
  return entry.ok ? { proposal, entry: entry.value, hash: controlHash(proposal.entryBytes) } : null;
}

/** Whether the acts may still be: someone may have gone meanwhile, or have the role already. */
async function isPossible(state: ControlState, { acts, epoch }: ControlEntry): Promise<boolean> {
  if (acts.length === 0) return epoch !== null && isStillDue(state, epoch);
  const verified = await verifyActs(state, acts);
  return verified.ok && foldActs(state, verified.value).ok;
}

/** Of an entry that only brings keys: the next epoch's, or once more those of the running one. */
function isStillDue(state: ControlState, { number, commitment }: EpochPart): boolean {
  const running = currentEpoch(state);
  if (number === running.number + 1) return true;
  const isSame = running.commitment === null || equalBytes(running.commitment, commitment);
  return number === running.number && isSame;
}
