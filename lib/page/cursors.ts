// What a long answer stopped at, kept under short names until used again or pushed out by newer ones.

export interface Cursors<Value> {
  put(value: Value): string;
  /** A name that `keep` may later give a value, for lines written before it is sure that they will be sent. */
  reserve(): string;
  keep(cursor: string, value: Value): void;
  get(cursor: string): Value | null;
}

export function createCursors<Value>(prefix: string, capacity: number): Cursors<Value> {
  const held = new Map<string, Value>();
  let given = 0;

  const reserve = (): string => `${prefix}${++given}`;

  function keep(cursor: string, value: Value): void {
    held.set(cursor, value);
    const oldest = held.keys().next();
    if (held.size > capacity && oldest.done !== true) held.delete(oldest.value);
  }

  function put(value: Value): string {
    const cursor = reserve();
    keep(cursor, value);
    return cursor;
  }

  return { put, reserve, keep, get: (cursor) => held.get(cursor) ?? null };
}
