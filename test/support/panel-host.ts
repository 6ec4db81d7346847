// The extension's pages, built for real and loaded into Chromium, over the stub node of `panel-stub.ts`.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TargetType, launch } from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import type { Result } from '../../lib/wire/failure.ts';
import type { StubCall } from './panel-stub.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const COPIED = ['components', 'lib', 'public', 'test/support', 'wxt.config.ts', 'package.json'];
const PAGES = ['sidepanel', 'welcome', 'join', 'options'];
const EXTENSION_ID = 'oobkohdpiciabfffpjbodadedlpmdelp';
const BACKGROUND = `import { defineBackground } from 'wxt/utils/define-background';
import { startPanelStub } from '../test/support/panel-stub.ts';
export default defineBackground({ type: 'module', main: startPanelStub });
`;

export interface PanelHost {
  readonly browser: Browser;
  /** Opens `sidepanel.html`, `join.html#…` and so on in a tab of its own. */
  open(path: string): Promise<Page>;
  setState(state: PanelState): Promise<void>;
  setReplies(replies: Record<string, Result<unknown>>): Promise<void>;
  calls(): Promise<readonly StubCall[]>;
  /** Stops the service worker as the browser does when it is idle. */
  killWorker(): Promise<void>;
  close(): Promise<void>;
}

export async function startPanelHost(): Promise<PanelHost> {
  const dir = await mkdtemp(join(tmpdir(), 'panel-host-'));
  const extension = await buildExtension(dir);
  const browser = await launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    enableExtensions: [extension],
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const open = async (path: string) => {
    const page = await browser.newPage();
    await page.goto(`chrome-extension://${EXTENSION_ID}/${path}`);
    return page;
  };
  const control = await open('options.html');
  return {
    browser,
    open,
    setState: (state) =>
      control.evaluate((next) => chrome.storage.local.set({ state: next }), state),
    setReplies: (replies) =>
      control.evaluate((next) => chrome.storage.local.set({ replies: next, calls: [] }), replies),
    calls: () =>
      control.evaluate(async () => {
        const { calls } = await chrome.storage.local.get<{ calls?: StubCall[] }>('calls');
        return calls ?? [];
      }),
    killWorker: async () => {
      const target = await browser.waitForTarget((one) => one.type() === TargetType.SERVICE_WORKER);
      await (await target.worker())?.close();
    },
    async close() {
      await browser.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function buildExtension(dir: string): Promise<string> {
  for (const path of COPIED) await cp(join(ROOT, path), join(dir, path), { recursive: true });
  for (const page of PAGES) {
    await cp(join(ROOT, 'entrypoints', page), join(dir, 'entrypoints', page), { recursive: true });
  }
  await mkdir(join(dir, 'entrypoints'), { recursive: true });
  await writeFile(join(dir, 'entrypoints/background.ts'), BACKGROUND);
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  const wxt = join(ROOT, 'node_modules/wxt/bin/wxt.mjs');
  await promisify(execFile)(process.execPath, [wxt, 'build'], { cwd: dir });
  return join(dir, '.output/chrome-mv3');
}
