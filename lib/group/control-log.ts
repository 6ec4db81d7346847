// The control log as one replica holds it: takes certified entries in any order, knows the state at each, and notices when
// stewards decided twice at one height. Two replicas that hold the same entries agree on everything but `tip`.
import { hashOf } from '../identity/hash.ts';
import { createMutex } from '../log/mutex.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { applyRead, readControl, type ReadControl } from './control-entry.ts';
import { createControlState, type ControlState } from './control-state.ts';

/** Two decided entries above one and the same entry, as they travel. Sorted by hash, so that all name the same two. */
export interface ControlProof {
  readonly height: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** An entry that is now part of the log, with the state that it makes. */
export interface TakenControl {
  readonly control: ReadControl;
  readonly state: ControlState;
  /** False: it belongs to a branch that this replica does not follow. */
  readonly followed: boolean;
}

/** What became of a certified entry. */
export interface ControlAcceptance {
  /** Entries that are now part of the log, in order: this one, and those that waited for it. */
  readonly taken: readonly TakenControl[];
  /** It waits: ask for the entries from this height on. */
  readonly missingFrom: number | null;
}

export interface ControlLog {
  /** The newest state that this replica follows. It never goes back. */
  tip(): ControlState;
  /** The newest state that nobody disputes: the tip, or what lies below a fork of the log. */
  agreed(): ControlState;
  /** Why nothing may be decided any more, if so. */
  frozen(): ControlProof | null;
  /** Failures as of `applyControl`; `forked` when there are more rivals than anyone needs as proof. */
  take(bytes: Uint8Array): Promise<Result<ControlAcceptance>>;
  /**
   * Whether a certified entry may stand on those that are settled or were weighed before; it is no part of the log yet.
   * Failures as of `take`, and `conflict` when the entry below it is not known.
   */
  weigh(bytes: Uint8Array): Promise<Result<null>>;
  /** An entry that was weighed is durable: it is part of the log from now on. Others are passed over. */
  settle(hash: Uint8Array): void;
  /** The state at an entry, which a log entry names as its control head. Null: not known here (yet). */
  stateAt(hash: Uint8Array): ControlState | null;
  /** The entry of that name; null for the genesis too. */
  controlAt(hash: Uint8Array): ReadControl | null;
  /** Whether `lower` is `upper` or lies below it: what `control` must satisfy along an author's log. */
  isBelow(lower: Uint8Array, upper: Uint8Array): boolean;
  /** Certified entries of all branches from a height on, lowest first: what another replica may lack. */
  entriesFrom(height: number, maxEntries: number): readonly Uint8Array[];
}

interface Node {
  readonly state: ControlState;
  readonly parent: Node | null;
  /** Null: the genesis. */
  readonly control: ReadControl | null;
  readonly children: Node[];
}

const MAX_RIVALS = 8;
const MAX_WAITING = 64;
/** More than come in one batch. */
const MAX_WEIGHED = 1024;

/** Failures as of `decodeGenesis`. */
export function createControlLog(genesisBytes: Uint8Array): Result<ControlLog> {
  const genesis = createControlState(genesisBytes);
  if (!genesis.ok) return genesis;
  const tree = createTree(genesis.value);
  const waiting = new Map<string, ReadControl>();
  const inTurn = createMutex();
  const addAll = async (control: ReadControl): Promise<Result<TakenControl[]>> => {
    const first = await tree.add(control);
    if (!first.ok || first.value === null) return first.ok ? ok([]) : first;
    const taken = [first.value];
    for (const { control: below } of taken) {
      for (const next of claimWaiting(waiting, below.hash)) {
        const added = await tree.add(next);
        if (added.ok && added.value !== null) taken.push(added.value);
      }
    }
    return ok(taken);
  };
  const take = async (bytes: Uint8Array): Promise<Result<ControlAcceptance>> => {
    const control = readControl(bytes);
    if (!control.ok) return control;
    if (tree.has(control.value.entry.prev)) {
      const settled = await addAll(control.value);
      return settled.ok ? ok({ taken: settled.value, missingFrom: null }) : settled;
    }
    if (!equalBytes(control.value.entry.space, genesis.value.space)) return otherSpace();
    if (waiting.size < MAX_WAITING)
      waiting.set(toHex(hashOf('control-waiting', bytes)), control.value);
    return ok({ taken: [], missingFrom: tree.tip().height + 1 });
  };
  const weigh = async (bytes: Uint8Array): Promise<Result<null>> => {
    const control = readControl(bytes);
    if (!control.ok) return control;
    if (!equalBytes(control.value.entry.space, genesis.value.space)) return otherSpace();
    const weighed = await tree.weigh(control.value);
    if (!weighed.ok) return weighed;
    return weighed.value === null ? notInOrder() : ok(null);
  };
  const { tip, agreed, frozen, stateAt, controlAt, isBelow, entriesFrom } = tree;
  return ok({
    tip,
    agreed,
    frozen,
    stateAt,
    controlAt,
    isBelow,
    entriesFrom,
    take: (bytes) => inTurn(() => take(bytes)),
    weigh: (bytes) => inTurn(() => weigh(bytes)),
    settle: (hash) => void tree.settle(toHex(hash)),
  });
}

interface Tree extends Omit<ControlLog, 'take' | 'weigh' | 'settle'> {
  has(hash: Uint8Array): boolean;
  /** Null: known already. */
  add(control: ReadControl): Promise<Result<TakenControl | null>>;
  /** Null: it stands on nothing that is known. */
  weigh(control: ReadControl): Promise<Result<Node | null>>;
  /** Null: it was not weighed. */
  settle(id: string): TakenControl | null;
}

function createTree(genesis: ControlState): Tree {
  const root: Node = { state: genesis, parent: null, control: null, children: [] };
  const nodes = new Map([[toHex(genesis.head), root]]);
  let tip = root;
  let disputed: Node | null = null;
  /** Entries that may stand and are not part of the log. */
  const weighed = new Map<string, Node>();
  const weigh = async (control: ReadControl): Promise<Result<Node | null>> => {
    const [id, below] = [toHex(control.hash), toHex(control.entry.prev)];
    const known = nodes.get(id) ?? weighed.get(id);
    if (known !== undefined) return ok(known);
    const parent = nodes.get(below) ?? weighed.get(below);
    if (parent === undefined) return ok(null);
    if (parent.children.length >= MAX_RIVALS) return tooManyRivals();
    const applied = await applyRead(parent.state, control);
    if (!applied.ok) return applied;
    const node: Node = { state: applied.value, parent, control, children: [] };
    if (weighed.size >= MAX_WEIGHED) weighed.clear();
    weighed.set(id, node);
    return ok(node);
  };
  const settle = (id: string): TakenControl | null => {
    const node = weighed.get(id);
    weighed.delete(id);
    if (!node?.parent || node.control === null || nodes.has(id)) return null;
    const { parent, control, state } = node;
    nodes.set(id, node);
    parent.children.push(node);
    const followed = parent === tip;
    if (followed) tip = node;
    const isFork = parent.children.length > 1;
    if (isFork && (disputed === null || parent.state.height < disputed.state.height)) {
      disputed = parent;
    }
    return { control, state, followed };
  };
  const add = async (control: ReadControl): Promise<Result<TakenControl | null>> => {
    if (nodes.has(toHex(control.hash))) return ok(null);
    const weighing = await weigh(control);
    return weighing.ok ? ok(settle(toHex(control.hash))) : weighing;
  };
  return {
    add,
    weigh,
    settle,
    has: (hash) => nodes.has(toHex(hash)),
    tip: () => tip.state,
    agreed: () => (disputed ?? tip).state,
    frozen: () => (disputed === null ? null : proofAbove(disputed)),
    stateAt: (hash) => nodes.get(toHex(hash))?.state ?? null,
    controlAt: (hash) => nodes.get(toHex(hash))?.control ?? null,
    isBelow: (lower, upper) => {
      const low = nodes.get(toHex(lower));
      const high = nodes.get(toHex(upper));
      return low !== undefined && high !== undefined && leadsTo(low, high);
    },
    entriesFrom: (height, maxEntries) =>
      [...nodes.values()]
        .flatMap(({ control }) => (control === null ? [] : [control]))
        .filter(({ entry }) => entry.height >= height)
        .toSorted((a, b) => a.entry.height - b.entry.height)
        .slice(0, maxEntries)
        .map(({ bytes }) => bytes),
  };
}

function leadsTo(low: Node, high: Node): boolean {
  let node: Node | null = high;
  while (node !== null && node.state.height > low.state.height) node = node.parent;
  return node === low;
}

function proofAbove({ state, children }: Node): ControlProof | null {
  const [first, second] = children.toSorted((a, b) =>
    toHex(a.state.head) < toHex(b.state.head) ? -1 : 1,
  );
  if (!first?.control || !second?.control) return null;
  return { height: state.height + 1, first: first.control.bytes, second: second.control.bytes };
}

function claimWaiting(waiting: Map<string, ReadControl>, prev: Uint8Array): ReadControl[] {
  const ready = [...waiting].filter(([, { entry }]) => equalBytes(entry.prev, prev));
  for (const [id] of ready) waiting.delete(id);
  return ready.map(([, control]) => control);
}

function tooManyRivals(): Result<never> {
  return fail(
    'forked',
    'The stewards of this space decided many times over at one point.',
    'Start a new space from this one with people you trust.',
  );
}

function otherSpace(): Result<never> {
  return fail(
    'bad_signature',
    'A change of the group was made for another space.',
    'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
  );
}

function notInOrder(): Result<never> {
  return fail(
    'conflict',
    'A change of the group came before the one that it follows.',
    'Send them in order.',
  );
}
