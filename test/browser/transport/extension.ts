// Builds the small test extension and runs it in Chromium; `Node` calls into its service worker.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, TargetType, type Browser } from 'puppeteer-core';
import { build } from 'vite';
import { eventually } from './browsers.ts';
import type { NodeTools } from './extension/background.ts';

const SOURCE = new URL('extension/', import.meta.url).pathname;

export interface ExtensionRun {
  readonly browser: Browser;
  /** Calls a tool in the service worker that is alive. */
  call<K extends keyof NodeTools>(
    name: K,
    ...args: Parameters<NodeTools[K]>
  ): Promise<Awaited<ReturnType<NodeTools[K]>>>;
  /** Settles when the offscreen document has woken the next one. */
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

  /** Evaluates in the target of that kind, over a session of its own: a restarted worker may keep its target. */
  async function evaluate(type: TargetType, expression: string): Promise<unknown> {
    const target = await browser.waitForTarget((one) => one.type() === type);
    const session = await target.createCDPSession();
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    await session.detach();
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** When the worker that runs was started; null while its script has not run. */
  async function born(): Promise<unknown> {
    const script = "typeof tools === 'object' ? performance.timeOrigin : null";
    return evaluate(TargetType.SERVICE_WORKER, script).catch(() => null);
  }

  await eventually('the worker runs', async () => (await born()) !== null);
  return {
    browser,
    call: (name, ...args) =>
      // The worker runs the very object that these types describe.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      evaluate(
        TargetType.SERVICE_WORKER,
        `tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`,
      ) as never,
    async killServiceWorker() {
      const bornBefore = await born();
      const page = await browser.waitForTarget((one) => one.type() === TargetType.BACKGROUND_PAGE);
      const session = await page.createCDPSession();
      await session.send('ServiceWorker.enable');
      await session.send('ServiceWorker.stopAllWorkers');
      await session.detach();
      await eventually('a new worker runs', async () => {
        const bornNow = await born();
        return bornNow !== null && bornNow !== bornBefore;
      });
    },
    async closeDocument() {
      await evaluate(TargetType.SERVICE_WORKER, 'chrome.offscreen.closeDocument()');
    },
    close: () => browser.close(),
  };
}

export async function removeExtension(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
