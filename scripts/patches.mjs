// Applies patches/ to what npm installed. Plain JavaScript for Node 18 or newer, like bootstrap.mjs: npm runs it after an
// install (`prepare`), and every command looks whether it was done, since a patch may come with a pull and no install.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'patches');
const PROGRAM = join(ROOT, 'node_modules', 'patch-package', 'index.js');
/** Lies in node_modules, so that it goes when npm makes that folder anew. */
const STAMP = join(ROOT, 'node_modules', '.patches');

function wanted() {
  const names = existsSync(FOLDER)
    ? readdirSync(FOLDER).filter((name) => name.endsWith('.patch'))
    : [];
  return names.map((name) => `${name}\n${readFileSync(join(FOLDER, name), 'utf8')}`).join('\n');
}

export function arePatched() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();
}

/** Exits with 1 where a patch does not fit. Without development packages there is nothing to apply them with. */
export function applyPatches() {
  if (!existsSync(PROGRAM)) {
    process.stderr.write('Patches were not applied: patch-package is a development package.\n');
    return;
  }
  const { status } = spawnSync(process.execPath, [PROGRAM, '--error-on-fail'], {
    cwd: ROOT,
    // Standard output stays free for the command that comes next.
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
  writeFileSync(STAMP, wanted());
}
