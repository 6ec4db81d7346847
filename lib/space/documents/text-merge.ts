// Two people's changes of one text brought together: what each replaced of the version that both began with, and one
// text that holds both. Where they changed the same words, one side is preferred or both are kept, and that is said.
import { diffArrays } from 'diff';

/** `text` in the place of what stood from `start` up to `end`. Offsets count UTF-16 code units of the text before. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Which words stand where both sides changed the same ones. */
export type Preference = 'ours' | 'theirs' | 'both';

export interface Merged {
  /** Ascending, apart from each other, on the text as `theirs` made it. */
  readonly edits: readonly TextEdit[];
  /** How many places both sides changed differently. */
  readonly conflicts: number;
}

/** Beyond this many words that differ, two texts are held to have nothing in common between their ends. */
const MAX_DIFFERENT_WORDS = 1200;
/** Words, runs of blanks, line ends, single signs: what a person thinks of as changed. Never half a surrogate pair. */
const TOKEN = /[\p{L}\p{N}\p{M}_]+|\r?\n|[^\S\n]+|./gsu;

/** What makes `after` of `before`. Ascending, apart from each other. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  const [a, b] = [tokensOf(before), tokensOf(after)];
  const same = sharedStart(a, b);
  const tail = sharedEnd(a, b, same);
  const middle = [a.slice(same, a.length - tail), b.slice(same, b.length - tail)] as const;
  const start = a.slice(0, same).join('').length;
  return editsOfMiddle(...middle).map((edit) => moved(edit, start));
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  let out = '';
  for (const edit of edits) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

/** What brings `ours` into `theirs`; both are versions of `base`. */
export function mergeTexts(
  base: string,
  ours: string,
  theirs: string,
  prefer: Preference = 'both',
): Merged {
  const edits: TextEdit[] = [];
  let conflicts = 0;
  let shift = 0;
  for (const region of regionsOf(editsBetween(base, ours), editsBetween(base, theirs))) {
    const [mine, other] = [
      versionOf(base, region, region.ours),
      versionOf(base, region, region.theirs),
    ];
    const place = { start: region.start + shift, end: region.start + shift + other.length };
    shift += other.length - (region.end - region.start);
    if (region.ours.length === 0 || mine === other) continue;
    if (region.theirs.length > 0) conflicts += 1;
    const text = region.theirs.length === 0 ? mine : settled(mine, other, prefer);
    if (text !== other) edits.push({ ...place, text });
  }
  return { edits, conflicts };
}

function settled(ours: string, theirs: string, prefer: Preference): string {
  if (prefer === 'ours') return ours;
  return prefer === 'theirs' ? theirs : theirs + ours;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly ours: readonly TextEdit[];
  readonly theirs: readonly TextEdit[];
}

/** Stretches of the base that either side changed; edits that touch the same words share one. */
function regionsOf(ours: readonly TextEdit[], theirs: readonly TextEdit[]): Region[] {
  const all = [
    ...ours.map((edit) => ({ edit, isOurs: true })),
    ...theirs.map((edit) => ({ edit, isOurs: false })),
  ].toSorted((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end);
  const regions: { start: number; end: number; ours: TextEdit[]; theirs: TextEdit[] }[] = [];
  for (const { edit, isOurs } of all) {
    const last = regions.at(-1);
    const region =
      last !== undefined && meets(last, edit)
        ? last
        : { start: edit.start, end: edit.end, ours: [], theirs: [] };
    if (region !== last) regions.push(region);
    region.end = Math.max(region.end, edit.end);
    (isOurs ? region.ours : region.theirs).push(edit);
  }
  return regions;
}

/** Two insertions at one place meet; what only stands side by side does not. */
function meets(region: { start: number; end: number }, edit: TextEdit): boolean {
  if (edit.start < region.end) return true;
  return edit.start === region.start && edit.start === region.end && edit.end === edit.start;
}

function versionOf(base: string, { start, end }: Region, edits: readonly TextEdit[]): string {
  return applyEdits(
    base.slice(start, end),
    edits.map((edit) => moved(edit, -start)),
  );
}

function moved({ start, end, text }: TextEdit, by: number): TextEdit {
  return { start: start + by, end: end + by, text };
}

function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

function editsOfMiddle(before: string[], after: string[]): TextEdit[] {
  const whole = { start: 0, end: before.join('').length, text: after.join('') };
  if (before.length === 0 || after.length === 0)
    return before.length === after.length ? [] : [whole];
  const parts = diffArrays(before, after, { maxEditLength: MAX_DIFFERENT_WORDS });
  if (parts === undefined) return [whole];
  const edits: TextEdit[] = [];
  let at = 0;
  for (const { added, removed, value } of parts) {
    const text = value.join('');
    const last = edits.at(-1);
    if (!added && !removed) at += text.length;
    else if (last?.end === at)
      edits[edits.length - 1] = grown(last, added ? text : '', removed ? text.length : 0);
    else
      edits.push(
        added ? { start: at, end: at, text } : { start: at, end: at + text.length, text: '' },
      );
    if (removed) at += text.length;
  }
  return edits;
}

function grown(edit: TextEdit, text: string, length: number): TextEdit {
  return { start: edit.start, end: edit.end + length, text: edit.text + text };
}

function sharedStart(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return same;
}

function sharedEnd(a: readonly string[], b: readonly string[], from: number): number {
  let same = 0;
  while (same < a.length - from && same < b.length - from && a.at(-1 - same) === b.at(-1 - same)) {
    same += 1;
  }
  return same;
}
