// What a person is writing while others write too: the text in front of them, and the version that it began with.

export interface Draft {
  /** The text that the writer's changes are changes of. */
  readonly base: string;
  readonly text: string;
}

export function isUnsaved({ base, text }: Draft): boolean {
  return base !== text;
}

/** After the node has kept `sent`: what was typed since stays a change of that. */
export function kept(draft: Draft, sent: string): Draft {
  return { ...draft, base: sent };
}

/** The node's text, where nothing of the writer's own is on its way. */
export function received(draft: Draft, text: string): Draft {
  return isUnsaved(draft) ? draft : { base: text, text };
}

/** Where a caret stands in `after` that stood at `caret` in `before`. */
export function movedCaret(caret: number, before: string, after: string): number {
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  if (caret <= same) return caret;
  const shift = after.length - before.length;
  return Math.min(after.length, Math.max(same, caret + shift));
}
