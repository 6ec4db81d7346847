// One change of a document has room for so many letters: a large change of a text is made in several.
import { editsBetween } from '../../space/documents/text-merge.ts';

/** In UTF-16 code units, put in or taken out. Well below what the document gate takes in one change. */
const MAX_STEP_CHARS = 12_000;

export interface Step {
  readonly before: string;
  readonly after: string;
}

/** Versions of a text on the way from one to the other, each near enough to the one before it. */
export function stepsBetween(before: string, after: string): readonly Step[] {
  const steps: Step[] = [];
  let now = before;
  /** How much longer the text has become by the edits made so far. */
  let shift = 0;
  let room = MAX_STEP_CHARS;
  const make = (next: string): void => {
    steps.push({ before: now, after: next });
    now = next;
    room = MAX_STEP_CHARS;
  };
  let draft = before;
  for (const { start, end, text } of editsBetween(before, after)) {
    const pieces = piecesOf(end - start, text);
    let at = start + shift;
    for (const { remove, insert } of pieces) {
      if (remove + insert.length > room) make(draft);
      draft = draft.slice(0, at) + insert + draft.slice(at + remove);
      room -= remove + insert.length;
      at += insert.length;
    }
    shift += text.length - (end - start);
  }
  if (draft !== now) make(draft);
  return steps;
}

function piecesOf(remove: number, text: string): { remove: number; insert: string }[] {
  const pieces: { remove: number; insert: string }[] = [];
  for (let left = remove; left > 0; left -= MAX_STEP_CHARS) {
    pieces.push({ remove: Math.min(left, MAX_STEP_CHARS), insert: '' });
  }
  for (let at = 0; at < text.length;) {
    const to = wholeSign(text, Math.min(at + MAX_STEP_CHARS, text.length));
    pieces.push({ remove: 0, insert: text.slice(at, to) });
    at = to;
  }
  return pieces;
}

/** Never between the two halves of a sign outside the basic plane. */
function wholeSign(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
