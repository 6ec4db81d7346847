// `commonplace install` and `uninstall`: makes the native host known to the person's browsers, or unknown.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NATIVE_HOST_NAME } from '../lib/wire/bridge.ts';
import { ok, type Result } from '../lib/wire/failure.ts';
import { BROWSERS, manifestDirectory, type BrowserName } from './browsers.ts';
import { openHome } from './home.ts';
import { MANIFEST_FILE, writeLauncher, writeManifest } from './manifest.ts';

const run = promisify(execFile);

export interface InstallOptions {
  readonly home: string;
  readonly browsers: readonly BrowserName[];
  /** A Chromium profile of its own (`--user-data-dir`): its manifest goes there instead. */
  readonly userDataDir?: string | undefined;
  readonly node: string;
  readonly program: string;
}

/** The files that were written. Failures: those of `openHome`. */
export async function install(options: InstallOptions): Promise<Result<string[]>> {
  const home = await openHome(options.home);
  if (!home.ok) return home;
  const { node, program, userDataDir } = options;
  const launcher = await writeLauncher({ home: home.value, node, program });
  if (userDataDir !== undefined) {
    const directory = join(userDataDir, 'NativeMessagingHosts');
    return ok([launcher, await writeManifest('chromium', directory, launcher)]);
  }
  const manifests: string[] = [];
  for (const name of options.browsers) manifests.push(await register(name, home.value, launcher));
  return ok([launcher, ...manifests]);
}

async function register(name: BrowserName, home: string, launcher: string): Promise<string> {
  const { family, registry } = BROWSERS[name];
  const directory = manifestDirectory(name);
  if (directory !== null) return writeManifest(family, directory, launcher);
  const path = await writeManifest(family, join(home, family), launcher);
  const key = `HKCU\\Software\\${registry}\\${NATIVE_HOST_NAME}`;
  await run('reg', ['add', key, '/ve', '/t', 'REG_SZ', '/d', path, '/f']);
  return path;
}

/** Removes the manifests, and gives their paths. The home with its keys stays. */
export async function uninstall(browsers: readonly BrowserName[]): Promise<string[]> {
  const removed: string[] = [];
  for (const name of browsers) removed.push(await unregister(name));
  return removed;
}

async function unregister(name: BrowserName): Promise<string> {
  const directory = manifestDirectory(name);
  if (directory !== null) {
    const path = join(directory, MANIFEST_FILE);
    await rm(path, { force: true });
    return path;
  }
  const key = `HKCU\\Software\\${BROWSERS[name].registry}\\${NATIVE_HOST_NAME}`;
  // `reg` fails when the key is not there, which is what we want to be true.
  await run('reg', ['delete', key, '/f']).catch(() => {});
  return key;
}
