// How far a replica, a reader or a cut through a space has come, author by author (Parker et al., 1983). The control log
// counts as the author whose name is the space's own id.

/** By author (hex), the seq up to which; an author without one counts as 0. */
export type VersionVector = ReadonlyMap<string, number>;

export const NOTHING_SEEN: VersionVector = new Map();

/** Whether everything that `other` contains is in `vector` too. */
export function covers(vector: VersionVector, other: VersionVector): boolean {
  return [...other].every(([author, seq]) => (vector.get(author) ?? 0) >= seq);
}

/** The least vector that covers both. */
export function joined(one: VersionVector, other: VersionVector): VersionVector {
  const both = new Map(one);
  for (const [author, seq] of other) if (seq > (both.get(author) ?? 0)) both.set(author, seq);
  return both;
}

/** How many entries `vector` lacks of what `other` contains. */
export function lacking(vector: VersionVector, other: VersionVector): number {
  return [...other].reduce(
    (sum, [author, seq]) => sum + Math.max(0, seq - (vector.get(author) ?? 0)),
    0,
  );
}
