// Where the project lies on this machine; every other path is made from it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function inRoot(...parts: readonly string[]): string {
  return join(ROOT, ...parts);
}
