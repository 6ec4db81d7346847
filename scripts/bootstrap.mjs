// The first thing every command runs. Plain JavaScript for Node 18 or newer: it installs what the lockfile
// asks for, moves on to the project's own Node 24 and calls `main` of the TypeScript entry named in argv.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { applyPatches, arePatched } from './patches.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OWN_NODE = join(ROOT, 'node_modules', 'node', 'bin', onWindows() ? 'node.exe' : 'node');
const NODE_MAJOR = 24;

const ENTRIES = {
  start: 'scripts/launch.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  build: 'scripts/build.ts',
  bench: 'bench/main.ts',
  simulate: 'scripts/simulate.ts',
  fuzz: 'scripts/fuzz.ts',
  soak: 'scripts/soak.ts',
};

function onWindows() {
  return process.platform === 'win32';
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  } catch {
    return null;
  }
}

/** True when node_modules holds what the lockfile says; npm records what it installed, so no stamp of ours can lie. */
function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages ?? {};
  const present = readJson('node_modules/.package-lock.json')?.packages;
  if (!present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (!found) return Boolean(entry.optional || entry.devOptional);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install() {
  process.stderr.write('Installing packages (npm ci) …\n');
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts=false'],
    // Standard output stays free: a scripted start prints one line of JSON on it.
    { cwd: ROOT, stdio: ['ignore', 2, 2], shell: onWindows() },
  );
  if (status === 0) return;
  process.stderr.write(
    `npm ci did not finish${error ? `: ${error.message}` : ` (exit ${status})`}.\n` +
      'Check the network and that npm is installed, then run the same command again.\n',
  );
  process.exit(1);
}

function ownNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  if (existsSync(OWN_NODE)) return OWN_NODE;
  process.stderr.write(
    `This needs Node ${NODE_MAJOR}; npm did not install one (were install scripts switched off?).\n` +
      `Install Node ${NODE_MAJOR} or newer, or run "npm ci --ignore-scripts=false", then try again.\n`,
  );
  return process.exit(1);
}

/** Runs this same file again on Node 24; signals go to the child, which decides when everything has ended. */
function continueOn(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

async function run() {
  const [command, ...args] = process.argv.slice(2);
  const entry = Object.hasOwn(ENTRIES, command ?? '') ? ENTRIES[command] : undefined;
  if (entry === undefined) {
    process.stderr.write(
      `Unknown command ${command}; one of ${Object.keys(ENTRIES).join(', ')}.\n`,
    );
    process.exit(2);
  }
  if (!isInstalled()) install();
  if (!arePatched()) applyPatches();
  const node = ownNode();
  if (node !== process.execPath) return continueOn(node);
  process.chdir(ROOT);
  process.env.PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const { main } = await import(pathToFileURL(join(ROOT, entry)).href);
  process.exit(await main(args));
}

await run();
