// Builds the small test extension and runs it in Chromium; `Node` calls into its service worker.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, TargetType, type Browser, type Target } from 'puppeteer-core';
import { build } from 'vite';
import type { NodeTools } from './extension/background.ts';

const SOURCE = new URL('extension/', import.meta.url).pathname;

export interface ExtensionRun {
  readonly browser: Browser;
  /** Calls a tool in the service worker that is alive, which this wakes if need be. */
  call<K extends keyof NodeTools>(
    name: K,
    ...args: Parameters<NodeTools[K]>
  ): Promise<Awaited<ReturnType<NodeTools[K]>>>;
  killServiceWorker(): Promise<void>;
  /** Closes the offscreen document as the browser might. */
  closeDocument(): Promise<void>;
  close(): Promise<void>;
}

export async function buildExtension(): Promise<string> {
  const outDir = await bundle(['offscreen.html', 'background.ts']);
  await copyFile(join(SOURCE, 'manifest.json'), join(outDir, 'manifest.json'));
  return outDir;
}

/** For Firefox: its event page finds the relay at this address. */
export async function buildFirefoxExtension(relayUrl: string): Promise<string> {
  const outDir = await bundle(['event-page.ts']);
  const manifest = {
    manifest_version: 3,
    name: 'Transport test',
    version: '1.0',
    background: { scripts: ['event-page.js'], type: 'module' },
    content_security_policy: { extension_pages: "script-src 'self'" },
    browser_specific_settings: { gecko: { id: 'transport-test@commonplace.node' } },
  };
  await writeFile(join(outDir, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(outDir, 'relay.txt'), relayUrl);
  return outDir;
}

async function bundle(inputs: readonly string[]): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'transport-extension-'));
  await build({
    configFile: false,
    root: SOURCE,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: inputs.map((input) => join(SOURCE, input)),
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return outDir;
}

export async function runExtension(dir: string): Promise<ExtensionRun> {
  const browser = await launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    enableExtensions: [dir],
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

  // A killed worker's target stays in the list for a moment.
  const killed = new WeakSet<Target>();

  async function findTarget(): Promise<Target> {
    return browser.waitForTarget(
      (one) => one.type() === TargetType.SERVICE_WORKER && !killed.has(one),
    );
  }

  async function serviceWorker() {
    const target = await findTarget();
    const worker = await target.worker();
    if (!worker) throw new Error('expected a service worker');
    return worker;
  }

  return {
    browser,
    async call(name, ...args) {
      const worker = await serviceWorker();
      // The worker runs the very object that these types describe.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return worker.evaluate(`tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`) as never;
    },
    async killServiceWorker() {
      const target = await findTarget();
      const worker = await target.worker();
      killed.add(target);
      await worker?.close();
    },
    async closeDocument() {
      const worker = await serviceWorker();
      await worker.evaluate('chrome.offscreen.closeDocument()');
    },
    close: () => browser.close(),
  };
}

export async function removeExtension(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
