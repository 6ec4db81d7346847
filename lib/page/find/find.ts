// Finding things by text, role and name: everything is ranked roughly by its markup first, and only the best
// are looked at properly, so that a page of ten thousand buttons is searched as fast as one of ten.
import { ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import { isText } from '../dom/kinds.ts';
import {
  attributeOf,
  childNodesOf,
  firstChildOf,
  nextSiblingOf,
  textContentOf,
} from '../dom/native.ts';
import { isWordless, visibleText } from '../dom/sight.ts';
import { normalize, similarity } from '../match.ts';
import { look, type Run } from '../run.ts';
import type { Describer } from '../snapshot/line.ts';
import { lineOrText } from '../snapshot/text-line.ts';
import { contextOf } from './context.ts';
import { elementsOf, roughName } from './scan.ts';

const MAX_SCANNED = 100_000;
const MAX_LOOKED_AT = 120;
const LEAST_SCORE = 0.35;

interface Query {
  readonly text: string | null;
  readonly role: string | null;
  readonly name: string | null;
}

interface Candidate {
  readonly element: Element;
  readonly score: number;
}

export function find(request: PageRequestOf<'find'>, run: Run): Result<PageReplyOf<'find'>> {
  const describer = look(run.page);
  const query: Query = {
    text: lower(request.text),
    role: lower(request.role),
    name: lower(request.name),
  };
  const { candidates, complete } = scan(query, describer, run);
  const best = candidates
    .toSorted((a, b) => b.score - a.score)
    .slice(0, Math.max(MAX_LOOKED_AT, request.limit * 4))
    .map((candidate) => lookAt(candidate, query, describer))
    .filter((candidate) => candidate !== null)
    .toSorted((a, b) => b.score - a.score);
  const matches = withoutWrappers(best, describer)
    .slice(0, request.limit)
    .map(({ element, score }) => match(element, score, describer));
  return ok({ op: 'find', documentId: run.page.refs.documentId, matches, complete });
}

function lower(text: string | undefined): string | null {
  return text === undefined ? null : normalize(text);
}

function scan(
  query: Query,
  describer: Describer,
  run: Run,
): { candidates: Candidate[]; complete: boolean } {
  const candidates: Candidate[] = [];
  let seen = 0;
  for (const element of elementsOf(describer.sight.tree, MAX_SCANNED)) {
    if (++seen % 256 === 0 && run.isLate()) return { candidates, complete: false };
    const score = roughScore(element, query, describer);
    if (score >= LEAST_SCORE) candidates.push({ element, score });
  }
  return { candidates, complete: seen < MAX_SCANNED };
}

/** From markup alone; zero when the element cannot be meant. */
function roughScore(element: Element, query: Query, describer: Describer): number {
  if (query.role !== null && describer.role(element) !== query.role) return 0;
  if (query.name === null && query.text === null) return 0.5;
  const byName = query.name === null ? null : similarity(query.name, normalize(roughName(element)));
  const byText = query.text === null ? null : textScore(element, query.text);
  return Math.min(byName ?? 1, byText ?? 1);
}

/** How well the words directly in the element, or what names it, hold the text. */
function textScore(element: Element, text: string): number {
  const own = ownText(element);
  const score = own === '' ? 0 : similarity(text, normalize(own));
  const label = attributeOf(element, 'aria-label') ?? attributeOf(element, 'placeholder') ?? '';
  const spoken = label === '' ? 0 : similarity(text, normalize(label));
  return Math.max(score, spoken, inlineScore(element, text));
}

/** Text broken up by inline markup: worth a look only where the element is short. */
function inlineScore(element: Element, text: string): number {
  const first = firstChildOf(element);
  if (first === null || (nextSiblingOf(first) === null && isText(first)) || isWordless(element))
    return 0;
  const children = childNodesOf(element);
  if (children.length > 12) return 0;
  const whole = roughName(element);
  return whole.length > 200 || !hasText(children) ? 0 : similarity(text, normalize(whole));
}

function hasText(children: Iterable<Node>): boolean {
  for (const child of children)
    if (isText(child) && (textContentOf(child) ?? '').trim() !== '') return true;
  return false;
}

function ownText(element: Element): string {
  if (isWordless(element)) return '';
  let text = '';
  for (
    let child = firstChildOf(element);
    child !== null && text.length < 2_000;
    child = nextSiblingOf(child)
  ) {
    if (isText(child)) text += textContentOf(child) ?? '';
  }
  return text.trim();
}

/** A candidate as a person sees it; null when it cannot be seen, or is not what its markup promised. */
function lookAt({ element }: Candidate, query: Query, describer: Describer): Candidate | null {
  const { sight } = describer;
  if (sight.gone(element) !== null) return null;
  const { name, actionable } = describer.facts(element);
  const parts: number[] = [];
  if (query.name !== null) parts.push(similarity(query.name, normalize(name.text)));
  if (query.text !== null) {
    const text = normalize(visibleText(element, sight, 2_000));
    parts.push(
      Math.max(similarity(query.text, text), similarity(query.text, normalize(name.text))),
    );
  }
  const score = parts.length === 0 ? 0.5 : Math.min(...parts);
  if (score < LEAST_SCORE) return null;
  return { element, score: Math.min(1, score + (actionable ? 0.03 : 0)) };
}

/** Of a thing and what merely wraps it, the thing. */
function withoutWrappers(ranked: readonly Candidate[], describer: Describer): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of ranked) {
    const rival = kept.find(({ element }) => isAround(element, candidate.element, describer));
    if (rival === undefined) kept.push(candidate);
  }
  return kept;
}

function isAround(kept: Element, other: Element, describer: Describer): boolean {
  const { tree } = describer.sight;
  if (kept === other) return true;
  const isWithin = tree.contains(kept, other) || tree.contains(other, kept);
  return isWithin && (describer.facts(kept).actionable || !describer.facts(other).actionable);
}

function match(
  element: Element,
  score: number,
  describer: Describer,
): PageReplyOf<'find'>['matches'][number] {
  const ref = describer.refs.refOf(element, describer.bound(element));
  const context = contextOf(element, describer);
  return {
    ref,
    line: lineOrText(element, describer),
    context,
    score: Math.round(score * 100) / 100,
  };
}
