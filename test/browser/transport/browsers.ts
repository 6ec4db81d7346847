// Real browsers for the transport tests: Chromium processes with the test page open in them.
import { once } from 'node:events';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { build } from 'vite';
import { startSignalling, type SignallingServer } from '../../support/signalling.ts';
import type { PageTools } from './page.ts';

/** The page's module in one file, built from the sources as they are. */
export async function buildPage(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'esnext', lib: { entry, formats: ['es'] } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const [chunk] = output && 'output' in output ? output.output : [];
  if (!chunk || chunk.type !== 'chunk') throw new Error('expected one chunk');
  return chunk.code;
}

export async function startTestRelay(): Promise<SignallingServer> {
  const code = await buildPage(new URL('page.ts', import.meta.url).pathname);
  return startSignalling(
    new Map([
      ['/page', '<!doctype html><script type="module" src="/page.js"></script>'],
      ['/page.js', code],
    ]),
  );
}

export async function launchChromium(): Promise<Browser> {
  return launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}

export async function launchFirefox(): Promise<Browser> {
  return launch({
    browser: 'firefox',
    executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: { 'media.peerconnection.ice.obfuscate_host_addresses': false },
  });
}

export interface Tab {
  readonly page: Page;
  call<K extends keyof PageTools>(
    name: K,
    ...args: Parameters<PageTools[K]>
  ): Promise<Awaited<ReturnType<PageTools[K]>>>;
}

export async function openTab(browser: Browser, relay: SignallingServer): Promise<Tab> {
  const page = await browser.newPage();
  await page.goto(`${relay.url}/page`);
  await page.waitForFunction('globalThis.tools !== undefined');
  return {
    page,
    call: (name, ...args) =>
      // The page runs the very object that these types describe.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      page.evaluate(`tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`) as never,
  };
}

/** Ends a browser as a crash would: nothing is closed first. */
export async function kill(browser: Browser): Promise<void> {
  const child = browser.process();
  if (!child) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Polls until it is true; fails by name after the deadline. */
export async function eventually(
  what: string,
  condition: () => Promise<boolean>,
  deadlineMs = 45_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A tab with a peer host whose signalling is open, and its peer id. */
export async function startHost(
  browser: Browser,
  relay: SignallingServer,
  admit: 'all' | 'nobody' = 'all',
): Promise<[Tab, string]> {
  const tab = await openTab(browser, relay);
  const peerId = await tab.call('start', relay.url, admit);
  await eventually('signalling is open', async () => (await tab.call('state')) === 'open');
  return [tab, peerId];
}
