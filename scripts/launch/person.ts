// The folders of one person's browser: the profile, a copy of the extension that knows this run's relay (and,
// in a scripted run, its person and pre-issued grant), and the way to the bridge.
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrantDraft } from '../../lib/wire/authority.ts';
import { outputOf, PROGRAM } from '../build/targets.ts';

const NAMES = ['Ada', 'Bob', 'Chi', 'Dee', 'Eli', 'Fay', 'Gus', 'Hal'];
const NATIVE_HOST = 'node.commonplace';
/** Follows from the manifest's key, so it is the same on every machine. */
const EXTENSION_ORIGIN = 'chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp/';

/** `launch.json`, which the extension finds beside its manifest; an installed extension never has one. */
export interface LaunchFile {
  readonly relay: string;
  /** The person to make; left out on a kept profile, where the welcome page asks. */
  readonly name?: string;
  readonly grant?: GrantDraft | null;
}

export interface McpCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The name of the nth person, from 0. */
export function nameOf(index: number): string {
  return NAMES[index] ?? `Person ${index + 1}`;
}

/** Where the copy of the extension lies in a profile. */
export function extensionIn(profile: string): string {
  return join(profile, 'extension');
}

/** Puts the extension as it is built now into a profile, new or kept. */
export async function copyExtension(profile: string): Promise<void> {
  await rm(extensionIn(profile), { recursive: true, force: true });
  await cp(outputOf('chrome-mv3'), extensionIn(profile), { recursive: true });
}

/** Tells the copied extension about this run, and the browser and agents how to meet. */
export async function configurePerson(profile: string, launch: LaunchFile): Promise<McpCommand> {
  const bridgeHome = join(profile, 'bridge');
  await mkdir(bridgeHome, { recursive: true, mode: 0o700 });
  await writeFile(join(extensionIn(profile), 'launch.json'), JSON.stringify(launch));
  await writeNativeHost(profile, bridgeHome);
  return { command: process.execPath, args: [PROGRAM, 'mcp', '--home', bridgeHome], env: {} };
}

/** Browsers of the Chromium family also read host manifests from the profile's own folder. */
async function writeNativeHost(profile: string, bridgeHome: string): Promise<void> {
  const folder = join(profile, 'NativeMessagingHosts');
  const wrapper = join(bridgeHome, 'host.sh');
  await mkdir(folder, { recursive: true });
  const command = [process.execPath, PROGRAM, 'host', '--home', bridgeHome].map(quoted).join(' ');
  await writeFile(wrapper, `#!/bin/sh\nexec ${command} "$@"\n`);
  await chmod(wrapper, 0o700);
  const manifest = {
    name: NATIVE_HOST,
    description: 'Brings agents on this machine to Commonplace.',
    path: wrapper,
    type: 'stdio',
    allowed_origins: [EXTENSION_ORIGIN],
  };
  await writeFile(join(folder, `${NATIVE_HOST}.json`), JSON.stringify(manifest, null, 2));
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
