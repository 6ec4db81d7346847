// Which changes of a document lie within a cut: its heads there, for Automerge to show it as it then was.

/** By actor (hex), the last place in its author's log that is within. */
export type ActorPlaces = ReadonlyMap<string, number>;

export interface PlacedChange {
  /** Hex. */
  readonly hash: string;
  readonly deps: readonly string[];
  readonly actor: string;
  /** In its author's log; null for the one that every replica makes itself. */
  readonly place: number | null;
}

/**
 * `changes` in an order that respects what they build on. What builds on something beyond the cut is beyond it too.
 */
export function headsWithin(changes: readonly PlacedChange[], within: ActorPlaces): string[] {
  const included = new Set<string>();
  const heads = new Set<string>();
  for (const { hash, deps, actor, place } of changes) {
    if (place !== null && place > (within.get(actor) ?? 0)) continue;
    if (deps.some((dep) => !included.has(dep))) continue;
    included.add(hash);
    for (const dep of deps) heads.delete(dep);
    heads.add(hash);
  }
  return [...heads];
}
