// The bench's page in a Chromium of its own, with the document worker and Automerge's wasm beside it, served on loopback.
import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { launch, type Browser } from 'puppeteer-core';
import { build } from 'vite';
import type { ColdTools } from '../test/support/large-space-page.ts';

export interface ColdLab {
  /** Runs a tool in a page that was just opened, and closes it. */
  call<K extends keyof ColdTools>(
    name: K,
    ...args: Parameters<ColdTools[K]>
  ): Promise<Awaited<ReturnType<ColdTools[K]>>>;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '': 'text/html',
};
const PATIENCE_MS = 15 * 60_000;

export async function startColdLab(): Promise<ColdLab> {
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-cold-'));
  await bundle(folder);
  const server = await serve(folder);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on TCP');
  const browser = await launchChromium();
  return {
    call: (name, ...args) =>
      callIn(browser, `http://localhost:${bound.port}/`, name, args) as never,
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function callIn(
  browser: Browser,
  address: string,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    await page.goto(address);
    await page.waitForFunction('globalThis.tools !== undefined');
    return await page.evaluate(`tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`);
  } finally {
    await page.close();
  }
}

async function bundle(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: new URL('../test/support/large-space-page.ts', import.meta.url).pathname,
        output: { entryFileNames: 'page.js' },
      },
    },
  });
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback');
    const type = TYPES[extname(pathname)] ?? 'application/octet-stream';
    if (pathname === '/') {
      const html = '<!doctype html><script type="module" src="/page.js"></script>';
      response.writeHead(200, { 'content-type': type }).end(html);
      return;
    }
    readFile(join(folder, pathname)).then(
      (body) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function launchChromium(): Promise<Browser> {
  return launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    protocolTimeout: PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}
