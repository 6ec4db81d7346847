// The host manifest that tells a browser how to start us and which extension may, and the launcher that it
// starts: manifests name a program without arguments.
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NATIVE_HOST_NAME } from '../lib/wire/bridge.ts';
import type { BrowserFamily } from './browsers.ts';

/** The extension's ids: Chromium's follows from the key in its manifest. */
export const CHROMIUM_EXTENSION_ID = 'oobkohdpiciabfffpjbodadedlpmdelp';
export const FIREFOX_EXTENSION_ID = 'commonplace@commonplace.node';

export const MANIFEST_FILE = `${NATIVE_HOST_NAME}.json`;

export interface LauncherOptions {
  /** A private directory that is there already; see `openHome`. */
  readonly home: string;
  /** The Node.js to run, and this program's own file. */
  readonly node: string;
  readonly program: string;
}

/** Writes the launcher into the home and gives its path. */
export async function writeLauncher({ home, node, program }: LauncherOptions): Promise<string> {
  const windows = process.platform === 'win32';
  const path = join(home, windows ? 'host.cmd' : 'host.sh');
  const text = windows
    ? `@"${node}" "${program}" host --home "${home}" %*\r\n`
    : `#!/bin/sh\nexec ${[node, program, 'host', '--home', home].map(quote).join(' ')} "$@"\n`;
  await replace(path, text, 0o700);
  return path;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Writes the manifest into a directory where a browser of the family looks, and gives its path. */
export async function writeManifest(
  family: BrowserFamily,
  directory: string,
  launcher: string,
): Promise<string> {
  const path = join(directory, MANIFEST_FILE);
  await mkdir(directory, { recursive: true });
  await replace(path, `${JSON.stringify(manifest(family, launcher), null, 2)}\n`, 0o644);
  return path;
}

function manifest(family: BrowserFamily, launcher: string): object {
  return {
    name: NATIVE_HOST_NAME,
    description: 'Lets agents on this computer reach Commonplace in the browser.',
    path: launcher,
    type: 'stdio',
    ...(family === 'firefox'
      ? { allowed_extensions: [FIREFOX_EXTENSION_ID] }
      : { allowed_origins: [`chrome-extension://${CHROMIUM_EXTENSION_ID}/`] }),
  };
}

/** A browser may read the file at any moment: it sees the old one or the new one. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode });
  await chmod(draft, mode);
  await rename(draft, path);
}
