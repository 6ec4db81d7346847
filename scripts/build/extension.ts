// The extension, built by WXT in a process of its own: WXT writes to standard output, which is not ours to use.
import { inRoot } from '../root.ts';
import { runQuietly } from '../run.ts';
import type { ExtensionTarget } from './targets.ts';

const WXT = inRoot('node_modules', 'wxt', 'bin', 'wxt.mjs');

export async function buildExtension(target: ExtensionTarget): Promise<void> {
  const browser = target === 'firefox-mv3' ? 'firefox' : 'chrome';
  await runQuietly(`build ${target}`, process.execPath, [WXT, 'build', '-b', browser, '--mv3']);
}
