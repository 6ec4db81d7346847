// Builds what runs outside this folder: the extension for both browser families and the Node program.
// A target whose inputs have not changed since it was built is left alone, so that a start is quick.
import { rm } from 'node:fs/promises';
import { inputDigest, isBuiltFrom, markBuiltFrom } from './build/inputs.ts';
import { withBuildLock } from './build/lock.ts';
import { buildExtension } from './build/extension.ts';
import { buildProgram } from './build/program.ts';
import { outputOf, TARGETS, type Target } from './build/targets.ts';
import { say } from './say.ts';

/** Brings the given targets up to date; `whileHeld` runs before another process may build again. */
export async function ensureBuilt<T>(
  targets: readonly Target[],
  whileHeld: () => Promise<T>,
): Promise<T> {
  return withBuildLock(async () => {
    for (const target of targets) await ensureTarget(target);
    return whileHeld();
  });
}

async function ensureTarget(target: Target): Promise<void> {
  const digest = await inputDigest(target);
  if (await isBuiltFrom(target, digest)) return;
  const startedMs = performance.now();
  await rm(outputOf(target), { recursive: true, force: true });
  await (target === 'bin' ? buildProgram() : buildExtension(target));
  await markBuiltFrom(target, digest);
  say(`Built ${target} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
}

/** `npm run build [-- --force]` */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--force')) {
    await Promise.all(
      TARGETS.map((target) => rm(outputOf(target), { recursive: true, force: true })),
    );
  }
  await ensureBuilt(TARGETS, async () => {});
  say('Everything is built in .output/.');
  return 0;
}
