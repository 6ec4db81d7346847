// A line for things that have no name of their own: their words, with a ref all the same.
import { visibleText } from '../dom/sight.ts';
import { clip, quote } from '../quote.ts';
import type { Describer } from './line.ts';

const MAX_TEXT_CHARS = 160;

/** Roles that say nothing without the words inside. */
const BARE =
  /^(generic|none|paragraph|cell|listitem|row|definition|term|code|caption|blockquote|list|article)$/u;

export function lineOrText(element: Element, describer: Describer): string {
  const { name, actionable, role } = describer.facts(element);
  if (name.text !== '' || actionable || !BARE.test(role)) return describer.line(element);
  const words = visibleText(element, describer.sight, MAX_TEXT_CHARS);
  const ref = describer.refs.refOf(element, describer.bound(element));
  return `text ${quote(clip(words, MAX_TEXT_CHARS))} [ref=${ref}]`;
}
