// Optional fields that are really absent: under exact optional types, undefined is a value.

/** The same fields without those that are undefined. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  Object.assign(
    kept,
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  );
  return kept;
}
