// One build at a time in this folder, however many starts and test runs go on side by side. The lock is a
// file that names its holder; a holder that is gone is no holder.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot } from '../root.ts';

const LOCK = inRoot('.output', '.lock');
const WAIT_MS = 180_000;
const RETRY_MS = 100;

export async function withBuildLock<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(inRoot('.output'), { recursive: true });
  await takeLock(performance.now() + WAIT_MS);
  try {
    return await work();
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function takeLock(deadlineMs: number): Promise<void> {
  while (!(await tryLock())) {
    if (!(await holderIsAlive())) {
      await rm(LOCK, { force: true });
    } else if (performance.now() > deadlineMs) {
      throw new Error(
        `another build has held ${LOCK} for ${WAIT_MS / 1000} s; end it and try again`,
      );
    } else {
      await delay(RETRY_MS);
    }
  }
}

async function tryLock(): Promise<boolean> {
  try {
    await writeFile(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

async function holderIsAlive(): Promise<boolean> {
  const holder = await readFile(LOCK, 'utf8').catch(() => '');
  // Just created and not yet written: its maker lives.
  if (holder === '') return true;
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch {
    return false;
  }
}
