// Where a run keeps things: under the person's home for a kept profile, in a temporary folder that goes when
// the run ends for a scripted one.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchOptions } from './options.ts';
import { nameOf } from './person.ts';

const REMOVE_ATTEMPTS = 50;
const REMOVE_RETRY_MS = 100;

export interface RunFolders {
  readonly relay: string;
  /** One for each person, in order. */
  readonly profiles: readonly string[];
}

export async function openFolders(
  { mode, people }: LaunchOptions,
  ends: AsyncDisposableStack,
): Promise<RunFolders> {
  const base = mode === 'kept' ? keptBase() : await temporaryBase(ends);
  const profiles =
    mode === 'kept'
      ? [join(base, 'profile')]
      : Array.from({ length: people }, (_, index) => join(base, folderName(nameOf(index))));
  const folders = { relay: join(base, 'relay'), profiles };
  for (const folder of [folders.relay, ...profiles]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  return folders;
}

function keptBase(): string {
  return process.env['COMMONPLACE_HOME'] ?? join(homedir(), '.commonplace');
}

async function temporaryBase(ends: AsyncDisposableStack): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'commonplace-run-'));
  ends.defer(() => removeFolder(base));
  return base;
}

/** Tries for a while: a browser's last child processes may still write when it has itself ended. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (attempt === REMOVE_ATTEMPTS) throw error;
      await delay(REMOVE_RETRY_MS);
    }
  }
}

function folderName(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
