// The content script in a real browser: a test extension with the real script and style sheet and a small
// background in the node's place, over pages served from loopback.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, WebWorker } from 'puppeteer-core';
import { TargetType, launch } from 'puppeteer-core';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface AnnotatorLab {
  readonly browser: Browser;
  readonly origin: string;
  /** The test extension's background; `node` is a global in it. Only in Chromium. */
  readonly worker: WebWorker | null;
  /** Serves a page at `path` from now on, also in place of an earlier one, and gives its address. */
  serve(path: string, html: string, headers?: Record<string, string>): string;
  open(path: string, html: string, headers?: Record<string, string>): Promise<Page>;
  close(): Promise<void>;
}

type Served = Map<string, { html: string; headers: Record<string, string> }>;

/** `entry` is the content script's start in test/support. */
export async function startAnnotatorLab(
  kind: 'chrome' | 'firefox',
  entry = 'annotator-content.ts',
): Promise<AnnotatorLab> {
  const extension = await writeExtension(kind, entry);
  const served: Served = new Map();
  const server = await listen(served);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on TCP');
  const origin = `http://127.0.0.1:${bound.port}`;
  const browser = await (kind === 'chrome' ? startChromium(extension) : startFirefox(extension));
  const worker = kind === 'chrome' ? await workerOf(browser) : null;
  const serve: AnnotatorLab['serve'] = (path, html, headers = {}) => {
    served.set(path, { html, headers });
    return origin + path;
  };
  return {
    browser,
    origin,
    worker,
    serve,
    async open(path, html, headers) {
      const page = await browser.newPage();
      page.setDefaultTimeout(8_000);
      await page.setViewport({ width: 800, height: 600 });
      await page.goto(serve(path, html, headers), { waitUntil: 'load' });
      return page;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(extension, { recursive: true, force: true });
    },
  };
}

async function writeExtension(kind: 'chrome' | 'firefox', entry: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'annotator-'));
  await writeFile(join(dir, 'content.js'), await bundle(entry));
  await writeFile(join(dir, 'background.js'), await bundle('annotator-node.ts'));
  await copyFile(join(HERE, '../../lib/page/highlight.css'), join(dir, 'highlight.css'));
  const background =
    kind === 'chrome' ? { service_worker: 'background.js' } : { scripts: ['background.js'] };
  const manifest = {
    manifest_version: 3,
    name: 'Annotator under test',
    version: '1',
    permissions: ['tabs'],
    host_permissions: ['http://127.0.0.1/*'],
    background,
    content_scripts: [
      {
        matches: ['http://127.0.0.1/*'],
        js: ['content.js'],
        css: ['highlight.css'],
        run_at: 'document_start',
      },
    ],
    browser_specific_settings: { gecko: { id: 'annotator@test.invalid' } },
  };
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  return dir;
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: join(HERE, entry), formats: ['iife'], name: 'underTest' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  for (const output of outputs) {
    if (!('output' in output)) continue;
    for (const chunk of output.output) if (chunk.type === 'chunk') return chunk.code;
  }
  throw new Error('vite built nothing');
}

function startChromium(extension: string): Promise<Browser> {
  return launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    enableExtensions: [extension],
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

async function startFirefox(extension: string): Promise<Browser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
    headless: true,
  });
  await browser.installExtension(extension);
  return browser;
}

async function workerOf(browser: Browser): Promise<WebWorker> {
  const target = await browser.waitForTarget((one) => one.type() === TargetType.SERVICE_WORKER);
  const worker = await target.worker();
  if (worker === null) throw new Error('the test extension has no worker');
  return worker;
}

function listen(served: Served): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback');
    const found = served.get(pathname);
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      ...found?.headers,
    });
    response.end(found?.html ?? '<h1>Not found</h1>');
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(server));
  });
}
