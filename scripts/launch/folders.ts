// Where a run keeps things: under the person's home for a kept profile, in a temporary folder that goes when
// the run ends for a scripted one.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchOptions } from './options.ts';
import { nameOf } from './person.ts';

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
  const base = await mkdtemp(join(tmpdir(), 'commonplace-'));
  // A browser may still be writing its last files when its process group has been told to end.
  ends.defer(() => rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return base;
}

function folderName(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
