// The bridge's home: a directory that only its owner may enter. Whoever can read it may bring agents to
// this person's browser, so a loose one is refused rather than repaired in silence.
import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../lib/wire/failure.ts';

export function defaultHome(): string {
  return join(homedir(), '.commonplace', 'bridge');
}

/**
 * The absolute path of a home that is private, made unless `mayMake` is false. Failures: `permission_denied`,
 * `unavailable`.
 */
export async function openHome(directory: string, mayMake = true): Promise<Result<string>> {
  const path = resolve(directory);
  try {
    if (mayMake) await mkdir(path, { recursive: true, mode: 0o700 });
    const privacy = checkPrivate(path, await lstat(path), 'directory');
    return privacy.ok ? ok(path) : privacy;
  } catch (error) {
    return fail(
      'unavailable',
      `The bridge’s directory ${path} cannot be used: ${String(error)}`,
      'Choose another with --home.',
    );
  }
}

/** Refuses what is not ours alone: another owner, a link, or a mode that lets others in. */
export function checkPrivate(path: string, stats: Stats, kind: 'directory' | 'file'): Result<void> {
  const right = kind === 'directory' ? stats.isDirectory() : stats.isFile();
  if (!right) return loose(path, `is not a ${kind}`, 'Move it out of the way.');
  if (process.getuid === undefined) return ok(undefined);
  if (stats.uid !== process.getuid()) {
    return loose(path, 'belongs to another user', 'Choose a directory of your own with --home.');
  }
  if ((stats.mode & 0o077) !== 0) {
    const mode = kind === 'directory' ? '700' : '600';
    return loose(path, 'is open to other users', `Run: chmod ${mode} '${path}'`);
  }
  return ok(undefined);
}

function loose(path: string, what: string, remedy: string): Result<never> {
  return fail('permission_denied', `${path} ${what}, so the bridge does not trust it.`, remedy);
}
