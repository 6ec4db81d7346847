// Refs: short names such as "e12" for one element playing one role under one name in one document. When
// any of these changes the ref is stale and stays so; the element gets a new one when next shown.
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import { normalize, similarity } from './match.ts';
import { quote } from './quote.ts';

/** What a ref was given for. Holds no element, so it may outlive the page's. */
export interface Bound {
  readonly role: string;
  readonly name: string;
}

export interface Refs {
  readonly documentId: string;
  /** The element's ref under this role and name: the one it has, or a new one. */
  refOf(element: Element, bound: Bound): string;
  /** The ref the element has now, without giving one. */
  known(element: Element): string | null;
  /** The element that the ref was given to, whatever has become of it. */
  elementOf(ref: string): Element | null;
  /** A `stale_ref` for a ref that this document never gave; else null. */
  refusalOf(ref: string): Result<never> | null;
  resolve(ref: string, now: Current): Result<Element>;
}

/** How refs ask what the page is like at this moment. */
export interface Current {
  isPresent(element: Element): boolean;
  describe(element: Element): Bound;
  /** Elements that could be meant by this role instead, most telling first. */
  candidates(bound: Bound): readonly Element[];
  /** A snapshot line that gives the element a ref. */
  line(element: Element): string;
}

const MAX_REFS = 50_000;
const MAX_CANDIDATES = 3;

interface Entry extends Bound {
  readonly element: WeakRef<Element>;
}

export function createRefs(documentId: string): Refs {
  const entries = new Map<string, Entry>();
  const latest = new WeakMap<Element, string>();
  let given = 0;

  function refOf(element: Element, { role, name }: Bound): string {
    const held = latest.get(element);
    const entry = held === undefined ? undefined : entries.get(held);
    if (held !== undefined && entry?.role === role && entry.name === name) return held;
    const ref = `e${++given}`;
    entries.set(ref, { element: new WeakRef(element), role, name });
    latest.set(element, ref);
    if (entries.size > MAX_REFS) forgetOldest(entries);
    return ref;
  }

  function resolve(ref: string, now: Current): Result<Element> {
    const entry = entries.get(ref);
    if (entry === undefined) return refuseUnknown(ref);
    const element = entry.element.deref();
    if (element === undefined || !now.isPresent(element)) return refuse(ref, entry, 'gone', now);
    const current = now.describe(element);
    if (current.role === entry.role && current.name === entry.name) return ok(element);
    return refuse(ref, entry, 'changed', now, element);
  }

  return {
    documentId,
    refOf,
    known: (element) => latest.get(element) ?? null,
    elementOf: (ref) => entries.get(ref)?.element.deref() ?? null,
    refusalOf: (ref) => (entries.has(ref) ? null : refuseUnknown(ref)),
    resolve,
  };
}

function forgetOldest(entries: Map<string, Entry>): void {
  const oldest = entries.keys().next();
  if (oldest.done !== true) entries.delete(oldest.value);
}

function refuseUnknown(ref: string): Result<never> {
  return fail(
    'stale_ref',
    `No element of this document was ever given the ref ${ref}; it may belong to a page that is gone.`,
    'Take a new snapshot, or find the element, and use the ref that it gives.',
  );
}

function refuse(
  ref: string,
  bound: Bound,
  what: 'gone' | 'changed',
  now: Current,
  itself?: Element,
): Result<never> {
  return { ok: false, failure: stale(ref, bound, what, nearest(bound, now, itself), now) };
}

function stale(
  ref: string,
  bound: Bound,
  what: 'gone' | 'changed',
  near: readonly Element[],
  now: Current,
): Failure {
  const lines = near.map((element) => now.line(element));
  const was = `${ref} was ${bound.role} ${quote(bound.name)}`;
  const message =
    what === 'gone'
      ? `${was}, which is no longer on the page.`
      : `${was}, but that element has since become another.`;
  const nearby = lines.length === 0 ? '' : ` Nearest now: ${lines.join(' | ')}.`;
  return {
    code: 'stale_ref',
    message: message + nearby,
    remedy:
      lines.length === 0
        ? 'Take a new snapshot and use the ref that it gives.'
        : 'If one of these is what you mean, use its ref; else take a new snapshot.',
  };
}

function nearest(bound: Bound, now: Current, itself?: Element): readonly Element[] {
  const wanted = normalize(bound.name);
  const scored = now.candidates(bound).map((element) => ({
    element,
    score: similarity(wanted, normalize(now.describe(element).name)),
  }));
  const ranked = scored
    .filter(({ element, score }) => score > 0.2 && element !== itself)
    .toSorted((a, b) => b.score - a.score)
    .map(({ element }) => element);
  return [...(itself === undefined ? [] : [itself]), ...ranked].slice(0, MAX_CANDIDATES);
}
