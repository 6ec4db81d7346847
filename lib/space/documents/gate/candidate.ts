// What the gate of a document is offered and what it refuses.

/** A change and the only actor that its entry's author may use. */
export interface BoundChange {
  /** Hex, 16 bytes. */
  readonly actor: string;
  readonly bytes: Uint8Array;
  /**
   * Where the author's log has it, ascending. When an author numbers two changes alike, the one at the earlier place
   * stands; without places, or with equal ones, the smaller hash decides.
   */
  readonly place?: number;
}

/** A change that is canonical and of its author. */
export interface Candidate extends BoundChange {
  readonly hash: string;
  readonly place: number;
  readonly deps: readonly string[];
}

export interface RefusedChange {
  readonly actor: string;
  /** Null when the bytes were not even the envelope of a change. */
  readonly hash: string | null;
  readonly reason: string;
  /** It passed every check and broke Automerge down all the same. */
  readonly harmful?: boolean;
}

export function comesFirst(
  one: { readonly place: number; readonly hash: string },
  other: { readonly place: number; readonly hash: string },
): boolean {
  return one.place === other.place ? one.hash < other.hash : one.place < other.place;
}
