// An installed browser of the Chromium family, in the places where each system puts them.
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../lib/wire/failure.ts';

export type BrowserFamily = 'chromium' | 'firefox';

const OVERRIDE: Record<BrowserFamily, string> = {
  chromium: 'COMMONPLACE_BROWSER',
  firefox: 'COMMONPLACE_FIREFOX',
};

const CHROMIUM_LINUX = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/microsoft-edge-stable',
  '/usr/bin/microsoft-edge',
  '/usr/bin/brave-browser',
];
const FIREFOX_LINUX = ['/usr/bin/firefox', '/usr/bin/firefox-esr', '/opt/firefox/firefox'];

const CHROMIUM_MAC = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
];
const FIREFOX_MAC = ['Firefox.app/Contents/MacOS/firefox'];

const CHROMIUM_WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
];
const FIREFOX_WINDOWS = ['Mozilla Firefox\\firefox.exe'];

/** Whether the person said which browser to take; another would not be what they want. */
export function isNamed(family: BrowserFamily, env = process.env): boolean {
  return (env[OVERRIDE[family]] ?? '') !== '';
}

/** Its path. Failures: `not_found`, saying what to install. */
export function findBrowser(family: BrowserFamily, env = process.env): Result<string> {
  const named = env[OVERRIDE[family]] ?? '';
  if (isNamed(family, env)) {
    if (existsSync(named)) return ok(named);
    const remedy = 'Correct or unset that variable, then run the command again.';
    return fail('not_found', `${OVERRIDE[family]} names ${named}, which is not there.`, remedy);
  }
  const present = candidates(family, env).filter((path) => existsSync(path));
  const usable = present.find((path) => !isConfined(path));
  return usable === undefined ? notFound(family, present.length > 0) : ok(usable);
}

function candidates(family: BrowserFamily, env: NodeJS.ProcessEnv): string[] {
  const chromium = family === 'chromium';
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(env['HOME'] ?? '', 'Applications')];
    return within(folders, chromium ? CHROMIUM_MAC : FIREFOX_MAC);
  }
  if (process.platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
    const known = folders.filter((folder) => folder !== undefined);
    return within(known, chromium ? CHROMIUM_WINDOWS : FIREFOX_WINDOWS);
  }
  return chromium ? CHROMIUM_LINUX : FIREFOX_LINUX;
}

function within(folders: readonly string[], paths: readonly string[]): string[] {
  return folders.flatMap((folder) => paths.map((path) => join(folder, path)));
}

/** A snap may not read our folders nor start the bridge, so it is no use even where it is installed. */
function isConfined(path: string): boolean {
  return realpathSync(path).startsWith('/snap/') || realpathSync(path) === '/usr/bin/snap';
}

function notFound(family: BrowserFamily, onlyConfined: boolean): Result<never> {
  const name = family === 'chromium' ? 'Chrome, Chromium, Edge or Brave' : 'Firefox';
  const message = onlyConfined
    ? `The only ${name} here is a snap, which may neither read this folder nor start the bridge.`
    : `No ${name} was found on this machine.`;
  const debian = family === 'chromium' ? 'chromium' : 'firefox-esr';
  const remedy = `Install one (on Debian: apt-get install ${debian}), or set ${OVERRIDE[family]} to its path.`;
  return fail('not_found', message, remedy);
}
