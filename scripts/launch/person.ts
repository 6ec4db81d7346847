// The folders of one person's browser: the profile, a copy of the extension that knows this run's relay (and,
// in a scripted run, its person and pre-issued grant), and the way to the bridge.
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install } from '../../bridge/install.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import type { LaunchConfig } from '../../lib/wire/launch-config.ts';
import { outputOf, PROGRAM } from '../build/targets.ts';

const NAMES = ['Ada', 'Bob', 'Chi', 'Dee', 'Eli', 'Fay', 'Gus', 'Hal'];

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

/**
 * Tells the copied extension about this run, and the browser and agents how to meet. An extension from a store
 * has no `launch.json` beside its manifest, so only profiles made here can be configured this way.
 */
export async function configurePerson(profile: string, launch: LaunchConfig): Promise<McpCommand> {
  const home = join(profile, 'bridge');
  const node = process.execPath;
  const mcp = { command: node, args: [PROGRAM, 'mcp', '--home', home] };
  await writeFile(join(extensionIn(profile), 'launch.json'), JSON.stringify({ ...launch, mcp }));
  unwrap(await install({ home, browsers: [], userDataDir: profile, node, program: PROGRAM }));
  return { ...mcp, env: {} };
}
