// Which changes of a document lie within a cut: its heads there, for Automerge to show it as it then was.
import type { ChangeMetadata } from '@automerge/automerge/slim';

/** By actor (hex), the last place in its author's log that is within. */
export type ActorPlaces = ReadonlyMap<string, number>;

type Meta = Pick<ChangeMetadata, 'hash' | 'deps' | 'actor'>;

/**
 * `changes` in an order that respects what they build on. `placeOf` gives a change's place in its author's log, null for
 * the one that every replica makes itself. What builds on something beyond the cut is beyond it too.
 */
export function headsWithin(
  changes: readonly Meta[],
  within: ActorPlaces,
  placeOf: (hash: string) => number | null,
): string[] {
  const included = new Set<string>();
  const heads = new Set<string>();
  for (const { hash, deps, actor } of changes) {
    const place = placeOf(hash);
    if (place !== null && place > (within.get(actor) ?? 0)) continue;
    if (deps.some((dep) => !included.has(dep))) continue;
    included.add(hash);
    for (const dep of deps) heads.delete(dep);
    heads.add(hash);
  }
  return [...heads];
}
