// The group of a space as a panel shows it: what stewards are deciding, and what has gone wrong between them. Names are
// those that people gave themselves; the words around them are the panel's.

/** A change of the group that has been proposed and is not decided yet. */
export interface DecisionView {
  readonly id: string;
  /** A verb phrase: "remove Bob from the space". */
  readonly what: string;
  /** Who proposed it. */
  readonly by: string;
  /** This person proposed it, and may take it back. */
  readonly mine: boolean;
  /** Stewards who want it, in this person's words "you" among them. */
  readonly confirmed: readonly string[];
  readonly declined: readonly string[];
  /** Stewards who have not said anything yet; empty when enough have. */
  readonly waitingFor: readonly string[];
  /** Enough have confirmed, and it needs these people's devices to be there once more. */
  readonly devicesMissing: readonly string[];
  /** What this person said; null before they did. */
  readonly answer: 'yes' | 'no' | null;
}

/** Work of a removed person that came after their removal, and counts for nothing as things are. */
export interface LateWorkView {
  /** Id for the answer. */
  readonly device: string;
  readonly name: string;
  readonly count: number;
}

export interface GroupView {
  readonly stewards: number;
  /** How many of them must agree. */
  readonly needed: number;
  /** How many people must approve a version of a text before it is the agreed one. */
  readonly approvals: number;
  readonly decisions: readonly DecisionView[];
  readonly lateWork: readonly LateWorkView[];
  /** Whole sentences about keys that were no good. */
  readonly complaints: readonly string[];
}

export const NO_GROUP_VIEW: GroupView = {
  stewards: 1,
  needed: 1,
  approvals: 1,
  decisions: [],
  lateWork: [],
  complaints: [],
};
