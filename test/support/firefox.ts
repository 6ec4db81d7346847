// Firefox ESR with the built extension, one person in it, driven over WebDriver BiDi.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { FIREFOX_OUTPUT } from './built.ts';

const EXTENSION = 'commonplace@commonplace.node';
/** The address of the extension's pages; Firefox draws one at random unless a profile names it. */
const UUID = '5a8c3a0e-7c55-4d3e-9d0c-2f1f4f6d7a11';

export interface FirefoxNode extends AsyncDisposable {
  readonly browser: Browser;
  /** A new tab on one of the extension's own pages, `sidepanel.html` for example. */
  extensionPage(path: string): Promise<Page>;
}

export async function startFirefox(options: {
  readonly name: string;
  readonly relay: string;
}): Promise<FirefoxNode> {
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-firefox-'));
  const extension = join(folder, 'extension');
  await cp(FIREFOX_OUTPUT, extension, { recursive: true });
  await writeFile(join(extension, 'launch.json'), JSON.stringify(options));
  const browser = await launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    // Without it a test may not look at the extension's own pages.
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [EXTENSION]: UUID }),
    },
  });
  await browser.installExtension(extension);
  return {
    browser,
    extensionPage: (path) => openOwnPage(browser, `moz-extension://${UUID}/${path}`),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Firefox shows the page but never reports it as loaded, so loading is seen by asking the page where it is. */
async function openOwnPage(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage();
  page.goto(address, { timeout: 5_000 }).catch(() => {});
  await expect
    .poll(() => page.evaluate(() => location.href).catch(() => ''), { timeout: 45_000 })
    .toBe(address);
  return page;
}
