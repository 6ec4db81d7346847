// What changed between two readings of a document, object by object. Works on projections, so it knows every kind.

export type Reading = Readonly<Record<string, unknown>>;

export interface ObjectChange {
  /** The object's id; null for what the document says of itself. */
  readonly object: string | null;
  /** Null: it was not there. */
  readonly before: Reading | null;
  /** Null: it is no longer there. */
  readonly after: Reading | null;
}

export function objectChanges(before: unknown, after: unknown): readonly ObjectChange[] {
  const [old, recent] = [objectsOf(before), objectsOf(after)];
  const ids = [...new Set([...old.keys(), ...recent.keys()])];
  return ids
    .map((object) => ({
      object,
      before: old.get(object) ?? null,
      after: recent.get(object) ?? null,
    }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/** Whatever stands in a list and has an id is an object; the rest is the document's own. */
function objectsOf(projection: unknown): Map<string | null, Reading> {
  const objects = new Map<string | null, Reading>();
  if (!isReading(projection)) return objects;
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(projection)) {
    if (!Array.isArray(value)) own[key] = value;
    for (const item of Array.isArray(value) ? (value as unknown[]) : []) {
      if (isReading(item) && typeof item['id'] === 'string') objects.set(item['id'], item);
    }
  }
  objects.set(null, own);
  return objects;
}

function isReading(value: unknown): value is Reading {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
