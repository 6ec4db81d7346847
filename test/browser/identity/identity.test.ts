// Identity in real Chromium and Firefox: the same verdicts on signatures as in Node, for a quorum must not split over a
// platform, and the keys and pairing that the browser's own WebCrypto gives.
import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { toHex, utf8 } from '../../../lib/wire/bytes.ts';
import { edgeCases } from '../../support/ed25519-edges.ts';
import { publishedCases, type PublishedCase } from '../../support/published-vectors.ts';
import { buildPage, launchChromium, launchFirefox } from '../transport/browsers.ts';
import type { PageTools, Verdict } from './page.ts';

let server: Server;
let address: string;

beforeAll(async () => {
  const code = await buildPage(new URL('page.ts', import.meta.url).pathname);
  server = createServer((request, response) => {
    const isCode = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isCode ? 'text/javascript' : 'text/html' });
    response.end(isCode ? code : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on TCP');
  // A loopback name is a secure context, where WebCrypto is to be had.
  address = `http://localhost:${bound.port}/`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function call<K extends keyof PageTools>(
  page: Page,
  name: K,
  ...args: Parameters<PageTools[K]>
): Promise<Awaited<ReturnType<PageTools[K]>>> {
  // The page runs the very object that these types describe.
  return page.evaluate(`tools[${JSON.stringify(name)}](...${JSON.stringify(args)})`) as never;
}

/** What a browser judges otherwise than expected, by the name of the case. */
async function misjudged(
  page: Page,
  cases: readonly (PublishedCase & { readonly isRegistrable?: boolean })[],
): Promise<string[]> {
  const asked = cases.map(({ key, message, signature }) => ({ key, message, signature }));
  const verdicts = await call(page, 'judge', asked);
  expect(verdicts).toHaveLength(cases.length);
  return cases.flatMap(({ name, isValid, isRegistrable }, i) => {
    const found: Verdict | undefined = verdicts[i];
    const isRight =
      found?.verify === isValid &&
      found.fallback === isValid &&
      found.isRegistrable === (isRegistrable ?? found.isRegistrable);
    return isRight ? [] : [`${name}: ${JSON.stringify(found)}`];
  });
}

describe.each([
  ['Chromium', launchChromium],
  ['Firefox', launchFirefox],
] as const)('identity in %s', (_name, launch) => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction('globalThis.tools !== undefined');
  });

  afterAll(async () => {
    await browser?.close();
  });

  test('device keys live in WebCrypto and cannot be taken out', async () => {
    expect(await call(page, 'deviceKey')).toEqual({
      form: 'webcrypto',
      extractable: false,
      good: true,
    });
  });

  test('a seed gives the same name and signature as in Node', async () => {
    const signer = await signerOfSeed(new Uint8Array(32).fill(9));
    const signature = toHex(await signer.sign(utf8('everywhere')));
    expect(await call(page, 'signWithSeed', 9, 'everywhere')).toEqual({
      did: signer.did,
      signature,
    });
  });

  test('a second device is paired with what this browser has', async () => {
    expect(await call(page, 'pair')).toEqual({ isSame: true, control: 1, devices: 2 });
  });

  test('every edge case is judged as in Node, with WebCrypto and without', async () => {
    expect(await misjudged(page, edgeCases())).toEqual([]);
  });

  test('the published vectors are judged as published', async () => {
    expect(await misjudged(page, await publishedCases())).toEqual([]);
  });
});
