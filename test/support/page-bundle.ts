// The page engine as an extension runs it: bundled into a content script, loaded into a real Chromium,
// and asked in its isolated world about pages served from loopback.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Browser, TargetType, type Page, type Realm } from 'puppeteer-core';
import { build } from 'vite';
import { z } from 'zod';
import { FAILURE_CODES, type Result } from '../../lib/wire/failure.ts';
import {
  parsePageReply,
  type PageReply,
  type PageReplyOf,
  type PageRequestInput,
} from '../../lib/wire/page.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FIXTURES = join(HERE, '..', 'browser', 'page', 'fixtures');

const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    failure: z.object({ code: z.enum(FAILURE_CODES), message: z.string(), remedy: z.string() }),
  }),
]);

/** The engine and its test entry as one classic script. */
export async function bundlePageEngine(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: join(HERE, 'page-entry.ts'), formats: ['iife'], name: 'pageTest' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  for (const output of outputs) {
    if (!('output' in output)) continue;
    for (const chunk of output.output) if (chunk.type === 'chunk') return chunk.code;
  }
  throw new Error('vite built nothing');
}

export interface PageUnderTest {
  readonly page: Page;
  /** Asks the engine in the page's content script and parses what it says. */
  ask<Op extends PageRequestInput['op']>(
    request: Extract<PageRequestInput, { op: Op }>,
  ): Promise<Result<PageReplyOf<Op>>>;
  /** Asks past the types, for arguments that are wrong on purpose. */
  askRaw(request: unknown): Promise<unknown>;
}

export interface PageLab {
  readonly browser: Browser;
  readonly origin: string;
  readonly bundle: string;
  /** Opens a fixture by name, or HTML given in place (served, not injected). */
  open(fixture: string | { html: string }): Promise<PageUnderTest>;
  /** The same in a tab that has never been shown. */
  openHidden(fixture: string | { html: string }): Promise<PageUnderTest>;
  close(): Promise<void>;
}

export async function startPageLab(): Promise<PageLab> {
  const bundle = await bundlePageEngine();
  const pages = new Map<string, string>();
  const server = await serve(pages);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on TCP');
  const origin = `http://127.0.0.1:${bound.port}`;
  const extension = await writeExtension(bundle);
  const browser = await launchWith(extension);

  function address(fixture: string | { html: string }): string {
    if (typeof fixture === 'string') return `${origin}/${fixture}`;
    const path = `made-${pages.size + 1}.html`;
    pages.set(`/${path}`, fixture.html);
    return `${origin}/${path}`;
  }

  async function open(fixture: string | { html: string }): Promise<PageUnderTest> {
    const page = await browser.newPage();
    await page.setViewport({ width: 1_000, height: 800 });
    await page.goto(address(fixture), { waitUntil: 'load' });
    return underTest(page);
  }

  async function openHidden(fixture: string | { html: string }): Promise<PageUnderTest> {
    const url = address(fixture);
    const worker = await (
      await browser.waitForTarget((target) => target.type() === TargetType.SERVICE_WORKER)
    ).worker();
    if (worker === null) throw new Error('the test extension has no worker');
    await worker.evaluate((to) => chrome.tabs.create({ url: to, active: false }), url);
    const page = await (await browser.waitForTarget((target) => target.url() === url)).page();
    if (page === null) throw new Error('the hidden tab has no page');
    await page.waitForFunction(() => document.readyState === 'complete', { polling: 50 });
    return underTest(page);
  }

  async function close(): Promise<void> {
    await browser.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await rm(extension, { recursive: true, force: true });
  }

  return { browser, origin, bundle, open, openHidden, close };
}

async function writeExtension(bundle: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'page-engine-'));
  const manifest = {
    manifest_version: 3,
    name: 'Page engine under test',
    version: '1',
    permissions: ['tabs'],
    host_permissions: ['http://127.0.0.1/*'],
    background: { service_worker: 'worker.js' },
    content_scripts: [
      { matches: ['http://127.0.0.1/*'], js: ['content.js'], run_at: 'document_start' },
    ],
  };
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(dir, 'worker.js'), 'chrome.runtime.onInstalled.addListener(() => {});');
  await writeFile(join(dir, 'content.js'), bundle);
  return dir;
}

function launchWith(extension: string): Promise<Browser> {
  return launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    enableExtensions: [extension],
    // Hidden tabs are to be as slow here as they are for people.
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

function underTest(page: Page): PageUnderTest {
  async function askRaw(request: unknown): Promise<unknown> {
    const realm = await contentRealm(page);
    return realm.evaluate((asked) => globalThis.askPage(asked), request);
  }

  return {
    page,
    askRaw,
    async ask(request) {
      const answer = resultSchema.parse(await askRaw(request));
      if (!answer.ok) return answer;
      const reply = parsePageReply(answer.value);
      if (!reply.ok) return reply;
      if (!isReplyTo(request.op, reply.value)) throw new Error(`answered ${reply.value.op}`);
      return { ok: true, value: reply.value };
    },
  };
}

function isReplyTo<Op extends PageReply['op']>(op: Op, reply: PageReply): reply is PageReplyOf<Op> {
  return reply.op === op;
}

/** The realm appears shortly after the document does. */
async function contentRealm(page: Page): Promise<Realm> {
  const until = Date.now() + 5_000;
  while (Date.now() < until) {
    for (const realm of page.mainFrame().extensionRealms()) {
      const ready = await realm.evaluate(() => typeof globalThis.askPage === 'function');
      if (ready) return realm;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`no content script came up in ${page.url()}`);
}

function serve(pages: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback');
    void respond(pathname, pages, response);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

async function respond(
  pathname: string,
  pages: ReadonlyMap<string, string>,
  response: ServerResponse,
): Promise<void> {
  const made = pages.get(pathname);
  const name = /^\/([a-z0-9-]+\.html)$/u.exec(pathname)?.[1];
  try {
    const body = made ?? (await readFile(join(FIXTURES, name ?? 'missing')));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
  }
}

/** The ref in the first line of a snapshot that holds the words. */
export function refIn(text: string, words: string): string {
  const line = text.split('\n').find((each) => each.includes(words));
  const ref = line === undefined ? undefined : /\[ref=(e\d+)\]$/u.exec(line)?.[1];
  if (ref === undefined) throw new Error(`no ref for ${words} in\n${text}`);
  return ref;
}
