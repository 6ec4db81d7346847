// A bench's page in real Chromiums, with the document worker and Automerge's wasm beside it, served on loopback.
import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Browser } from 'puppeteer-core';
import { build } from 'vite';

/** What a page puts into `globalThis.tools`; arguments and answers are JSON. */
export type Tools = Readonly<Record<string, (...args: never) => unknown>>;

type Call<T extends Tools> = <K extends keyof T & string>(
  name: K,
  ...args: Parameters<T[K]>
) => Promise<Awaited<ReturnType<T[K]>>>;

export interface Lab<T extends Tools> extends AsyncDisposable {
  /** Of its pages. */
  readonly origin: string;
  /** Runs a tool in a page that was just opened, and closes it. */
  readonly call: Call<T>;
  /** Opens a page that stays, in a browser process of its own. */
  open(): Promise<Call<T>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '': 'text/html',
};
const PATIENCE_MS = 15 * 60_000;

/** `page` is the module that every page of it runs. */
export async function startLab<T extends Tools>(page: URL): Promise<Lab<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-lab-'));
  await bundle(page, folder);
  const server = await serve(folder);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on TCP');
  const origin = `http://localhost:${bound.port}`;
  const browser = await launchChromium();
  const others: Browser[] = [];
  return {
    origin,
    call: async (name, ...args) => {
      await using tab = await openPage(browser, origin);
      return (await tab.run(name, args)) as never;
    },
    open: async () => {
      const other = await launchChromium();
      others.push(other);
      const tab = await openPage(other, origin);
      return (name, ...args) => tab.run(name, args) as never;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of [browser, ...others]) await one.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, origin: string) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${origin}/`);
  await page.waitForFunction('globalThis.tools !== undefined');
  return {
    run: (name: string, args: readonly unknown[]): Promise<unknown> =>
      page.evaluate(`tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`),
    [Symbol.asyncDispose]: () => page.close(),
  };
}

async function bundle(page: URL, outDir: string): Promise<void> {
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
        input: fileURLToPath(page),
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
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}
