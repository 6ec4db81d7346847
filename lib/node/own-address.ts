// Addresses inside this extension's package, from the background itself.

/** `path` begins with a slash. */
export function ownAddress(path: string): string {
  return new URL(path, self.location.href).href;
}
