// Writes a change again under another actor: the same edits on the same past, for work whose log was cut off. Only ids of
// operations that were cut off with it change their actor, and only names of changes that were written again change.
import { decodeChange, encodeChange } from '@automerge/automerge/slim';
import type { ChangeGate } from './gate/change-gate.ts';

export interface Transplant {
  readonly change: Uint8Array;
  /** Hex; under which it is written again, and as which of its changes. */
  readonly actor: string;
  readonly seq: number;
  /** Actors whose operations were cut off, each with the counter of the first. */
  readonly moved: ReadonlyMap<string, number>;
  /** What earlier changes that were cut off are called now. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The change as it may be written, or why it may not. */
export function transplant(
  gate: ChangeGate,
  move: Transplant,
): { readonly change: Uint8Array } | { readonly objection: string } {
  const whole = rewritten(move);
  const objection = gate.objection(whole);
  if (objection === null) return { change: whole };
  // An author names its own last change also where another that it names builds on that one. A new author does not.
  const pruned = rewritten(move, (dep) => {
    const known = gate.find(dep);
    return known === null || !move.moved.has(gate.actorOf(known));
  });
  return gate.objection(pruned) === null ? { change: pruned } : { objection };
}

function rewritten(
  { change, actor, seq, moved, renamed }: Transplant,
  mayStay: (dep: string) => boolean = () => true,
): Uint8Array {
  const { hash: _, ...decoded } = decodeChange(change);
  const id = (value: unknown): unknown => (typeof value === 'string' ? movedId(value) : value);
  const movedId = (text: string): string => {
    const [counter, by = ''] = text.split('@');
    return Number(counter) >= (moved.get(by) ?? Infinity) ? `${counter}@${actor}` : text;
  };
  const ops = decoded.ops.map((op) => ({
    ...op,
    obj: id(op.obj),
    ...('elemId' in op ? { elemId: id(op.elemId) } : {}),
    pred: op.pred.map(movedId),
  }));
  const deps = decoded.deps.filter(mayStay).map((dep) => renamed.get(dep) ?? dep);
  // The shape is what `decodeChange` has just given, but for the ids.
  return encodeChange({ ...decoded, ops, deps: deps.toSorted(), actor, seq } as Parameters<
    typeof encodeChange
  >[0]);
}
