// Two MCP servers that drive a browser over the DevTools protocol, at the versions in package.json, with the options that
// this machine needs (no window, no sandbox for root) and otherwise as they come.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '../../lib/wire/failure.ts';
import { findBrowser } from '../../scripts/launch/find-browser.ts';
import { inRoot } from '../../scripts/root.ts';
import { connectTo, textOf, type Harness, type Program } from './harness.ts';

export async function startPlaywrightMcp(): Promise<Harness> {
  const { client, end } = await startPeer(['@playwright', 'mcp', 'cli.js'], (browser) => [
    '--headless',
    '--isolated',
    `--executable-path=${browser}`,
    ...(isRoot() ? ['--no-sandbox'] : []),
  ]);
  return {
    name: '@playwright/mcp',
    client,
    open: async (url) => void (await textOf(client, 'browser_navigate', { url })),
    snapshot: () => textOf(client, 'browser_snapshot'),
    click: (target) => textOf(client, 'browser_click', { target }),
    refOfButton: (name) => `button "${name}" \\[ref=(\\w+)\\]`,
    [Symbol.asyncDispose]: end,
  };
}

export async function startDevtoolsMcp(): Promise<Harness> {
  const program = ['chrome-devtools-mcp', 'build', 'src', 'bin', 'chrome-devtools-mcp.js'];
  const { client, end } = await startPeer(program, (browser) => [
    '--headless',
    '--isolated',
    `--executablePath=${browser}`,
    '--no-usage-statistics',
    '--no-performance-crux',
    ...(isRoot() ? ['--chromeArg=--no-sandbox'] : []),
  ]);
  let pageId = 0;
  return {
    name: 'chrome-devtools-mcp',
    client,
    open: async (url) => {
      const text = await textOf(client, 'new_page', { url });
      pageId = Number(/^(\d+): .*\[selected\]/mu.exec(text)?.[1]);
    },
    snapshot: () => textOf(client, 'take_snapshot', { pageId }),
    click: (uid) => textOf(client, 'click', { pageId, uid }),
    refOfButton: (name) => `uid=(\\S+) button "${name}"`,
    [Symbol.asyncDispose]: end,
  };
}

/** A peer in a folder of its own, which goes with it: they leave files where they run. */
async function startPeer(
  path: readonly string[],
  argsFor: (browser: string) => readonly string[],
): Promise<{ client: Awaited<ReturnType<typeof connectTo>>; end: () => Promise<void> }> {
  const browser = unwrap(findBrowser('chromium'));
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-bench-'));
  const program: Program = {
    command: process.execPath,
    args: [inRoot('node_modules', ...path), ...argsFor(browser)],
    folder,
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const client = await connectTo(program);
    const end = async () => {
      await client.close();
      await remove();
    };
    return { client, end };
  } catch (error) {
    await remove();
    throw error;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
