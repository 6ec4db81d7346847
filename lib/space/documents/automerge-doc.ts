// What verbs and projections may assume of a document's content before they have looked: nothing but a map.
import { getObjectId, ImmutableString, isImmutableString } from '@automerge/automerge/slim';

export type AutomergeMap = { [key: string]: unknown };

/** A string that is replaced as a whole: ids, names and enums, which must never merge letter by letter. */
export function whole(text: string): ImmutableString {
  return new ImmutableString(text);
}

/** The text of a whole or a collaborative string, or null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isImmutableString(value) ? value.val : null;
}

export function isMap(value: unknown): value is AutomergeMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isImmutableString(value)
  );
}

/** The map at `key`, or null where someone wrote something else there. */
export function mapAt(doc: AutomergeMap, key: string): AutomergeMap | null {
  const value = Object.hasOwn(doc, key) ? doc[key] : undefined;
  return isMap(value) ? value : null;
}

/** Actor (hex) whose change created an object: proof of who made it, unlike anything written inside it. */
export function creatorOf(object: unknown): string | null {
  const id = isMap(object) ? getObjectId(object) : null;
  return id?.split('@')[1] ?? null;
}
