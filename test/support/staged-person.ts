// One person of a staged world, as a test drives them: their browser under puppeteer, closed and opened at will.
import { cp } from 'node:fs/promises';
import {
  connect,
  TargetType,
  type Browser,
  type Page,
  type Target,
  type WebWorker,
} from 'puppeteer-core';
import { unwrap } from '../../lib/wire/failure.ts';
import { startBrowser, type RunningBrowser } from '../../scripts/launch/browser.ts';
import { findBrowser } from '../../scripts/launch/find-browser.ts';
import { extensionIn } from '../../scripts/launch/person.ts';
import { waitUntilReady } from '../../scripts/launch/ready.ts';
import type { ReadyLine } from './scripted-start.ts';

type Introduction = ReadyLine['people'][number];

/** Make one with `meet`. */
export class StagedPerson {
  readonly name: string;
  readonly did: string;
  readonly extensionId: string;
  readonly profile: string;
  /** What an MCP client spawns to become an agent here. */
  readonly mcp: Introduction['mcp'];
  #browser: Browser | null;
  /** Set while the browser is one that was started here, and so is ours to end. */
  #reopened: RunningBrowser | null = null;

  constructor({ name, did, extensionId, profile, mcp }: Introduction, browser: Browser | null) {
    this.name = name;
    this.did = did;
    this.extensionId = extensionId;
    this.profile = profile;
    this.mcp = mcp;
    this.#browser = browser;
  }

  /** The browser as it runs now; throws while it is closed. */
  get browser(): Browser {
    if (!this.#browser) throw new Error(`the browser of ${this.name} is closed`);
    return this.#browser;
  }

  /** The extension's service worker, waiting until there is one. */
  async serviceWorker(): Promise<WebWorker> {
    const worker = await (await this.#workerTarget()).worker();
    if (!worker) throw new Error('the service worker ended while it was looked at');
    return worker;
  }

  /** Ends the service worker, as the browser may at any moment; the next event starts another. */
  async killServiceWorker(): Promise<void> {
    const worker = await this.serviceWorker();
    // The session may be gone with its worker before puppeteer has let go of it.
    await worker.close().catch((error: unknown) => {
      if (!/No session|Session closed|Target closed/.test(String(error))) throw error;
    });
  }

  /** A new tab on a web page, loaded. */
  async visit(url: string): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(url);
    return page;
  }

  /** A new tab on one of the extension's own pages, for example `welcome.html`. */
  extensionPage(path: string): Promise<Page> {
    return this.visit(`chrome-extension://${this.extensionId}/${path}`);
  }

  /** A new tab on the side panel's page. */
  panel(): Promise<Page> {
    return this.extensionPage('sidepanel.html');
  }

  /** Closes the browser as a person does; the profile stays. */
  async close(): Promise<void> {
    await this.#browser?.close();
    this.#browser = null;
    await this.#reopened?.close();
    this.#reopened = null;
  }

  /** Starts the browser again on the same profile and waits until its node is ready. */
  async reopen(): Promise<void> {
    await this.close();
    this.#reopened = await startAgain(this.profile);
    this.#browser = await connectTo(this.#reopened.devtools ?? '');
  }

  /** Closes the browser; the same person in a copy of its profile, closed too. */
  async copyInto(profile: string): Promise<StagedPerson> {
    // Only of a browser that was started here is it known when it has ended and written everything.
    await this.reopen();
    await this.close();
    await cp(this.profile, profile, { recursive: true, filter: isNoSocket });
    const { name, did, extensionId, mcp } = this;
    return new StagedPerson({ name, did, extensionId, profile, mcp, devtools: '' }, null);
  }

  /** Lets go of the browser, and ends it where the scripted start would not. */
  async leave(): Promise<void> {
    if (this.#reopened) await this.close();
    else await this.#browser?.disconnect();
  }

  #workerTarget(): Promise<Target> {
    return this.browser.waitForTarget(
      (target) =>
        target.type() === TargetType.SERVICE_WORKER &&
        target.url().startsWith(`chrome-extension://${this.extensionId}/`),
    );
  }
}

/** Links and sockets of a running browser, which cannot be copied and are made anew. */
function isNoSocket(path: string): boolean {
  return !/Singleton|agent\.sock/.test(path);
}

export async function meet(introduction: Introduction): Promise<StagedPerson> {
  return new StagedPerson(introduction, await connectTo(introduction.devtools));
}

function connectTo(devtools: string): Promise<Browser> {
  return connect({ browserWSEndpoint: devtools, defaultViewport: null });
}

async function startAgain(profile: string): Promise<RunningBrowser> {
  const program = unwrap(findBrowser('chromium'));
  const extension = extensionIn(profile);
  const options = { program, profile, extension, headless: true, scripted: true };
  const browser = await startBrowser(options);
  const { extensionId, cdp } = browser;
  const { signal } = new AbortController();
  const ready = await waitUntilReady(cdp, { extensionId, needsPerson: true, signal });
  if (ready.ok) return browser;
  await browser.close();
  throw new Error(`the browser on ${profile} did not come back: ${ready.failure.message}`);
}
