// What changed between two looks at the page, said in few words: the lines that came, went or became others.

/** What was seen of one thing: its line, and how telling a change of it is. */
export interface Seen {
  readonly line: string;
  /** Dialogs and messages before controls, controls before text. */
  readonly weight: number;
}

export interface Change<Key> {
  readonly kind: '+' | '-' | '~';
  readonly key: Key;
  readonly line: string;
  readonly weight: number;
}

export function changesBetween<Key>(
  before: ReadonlyMap<Key, Seen>,
  after: ReadonlyMap<Key, Seen>,
): readonly Change<Key>[] {
  const changes: Change<Key>[] = [];
  for (const [key, { line, weight }] of after) {
    const was = before.get(key);
    if (was === undefined) changes.push({ kind: '+', key, line, weight });
    else if (was.line !== line) changes.push({ kind: '~', key, line, weight: weight + 1 });
  }
  for (const [key, { line, weight }] of before) {
    if (!after.has(key)) changes.push({ kind: '-', key, line, weight: weight - 1 });
  }
  return withoutMoves(changes).toSorted((a, b) => b.weight - a.weight);
}

/** A thing drawn anew with the same words has not changed for a reader. */
function withoutMoves<Key>(changes: readonly Change<Key>[]): Change<Key>[] {
  const gone = new Map<string, number>();
  for (const { kind, line } of changes) {
    if (kind === '-') gone.set(line, (gone.get(line) ?? 0) + 1);
  }
  const paired = new Map<string, number>();
  const kept = changes.filter(({ kind, line }) => {
    if (kind !== '+' || (gone.get(line) ?? 0) <= (paired.get(line) ?? 0)) return true;
    paired.set(line, (paired.get(line) ?? 0) + 1);
    return false;
  });
  return kept.filter(({ kind, line }) => {
    const left = kind === '-' ? (paired.get(line) ?? 0) : 0;
    if (left > 0) paired.set(line, left - 1);
    return left === 0;
  });
}

/** As many change lines as fit the budget, at least one, and how many were left unsaid. */
export function sayChanges(
  lines: readonly string[],
  maxTokens: number,
  costOf: (line: string) => number,
): string {
  const said: string[] = [];
  let spent = 0;
  for (const line of lines) {
    spent += costOf(line) + 1;
    if (said.length > 0 && spent > maxTokens) break;
    said.push(line);
  }
  const unsaid = lines.length - said.length;
  return [...said, ...(unsaid > 0 ? [`… ${unsaid} more changes`] : [])].join('\n');
}
