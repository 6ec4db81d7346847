// A browser is found, or on Debian as root installed. Anywhere else the person is told what to install.
import { existsSync } from 'node:fs';
import type { Result } from '../../lib/wire/failure.ts';
import { runShown } from '../run.ts';
import { say } from '../say.ts';
import { findBrowser, isNamed, type BrowserFamily } from './find-browser.ts';

const PACKAGE: Record<BrowserFamily, string> = { chromium: 'chromium', firefox: 'firefox-esr' };

export async function ensureBrowser(family: BrowserFamily): Promise<Result<string>> {
  const found = findBrowser(family);
  if (found.ok || isNamed(family) || !mayInstall()) return found;
  say(`Installing ${PACKAGE[family]} with apt-get …`);
  await aptGet('update');
  await aptGet('install', '-y', '--no-install-recommends', PACKAGE[family]);
  return findBrowser(family);
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** A failure shows in what apt prints and in the browser not being found afterwards. */
async function aptGet(...args: readonly string[]): Promise<void> {
  await runShown('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]);
}
