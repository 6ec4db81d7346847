// One browser process on one profile with the extension loaded, and its orderly end.
import { readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createCdpPipe, type CdpPipe } from './cdp-pipe.ts';
import { startChild, type Child, type Exit } from './child.ts';
import { flagsFor, type FlagOptions } from './flags.ts';

export interface BrowserOptions extends FlagOptions {
  /** Path of the browser's program. */
  readonly program: string;
  /** Folder of the unpacked extension. */
  readonly extension: string;
}

export interface RunningBrowser {
  readonly cdp: CdpPipe;
  readonly extensionId: string;
  /** `ws://127.0.0.1:PORT/devtools/browser/…` in a scripted run, null on a kept profile. */
  readonly devtools: string | null;
  readonly exited: Promise<Exit>;
  /** Closes it as a person would, and makes sure that nothing of it is left. */
  close(): Promise<void>;
}

const loaded = z.object({ id: z.string() });

export async function startBrowser(options: BrowserOptions): Promise<RunningBrowser> {
  const portFile = join(options.profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
  const child = await startChild(options.program, flagsFor(options), [...stdio]);
  const cdp = pipeOf(child);
  const close = () => child.end(() => cdp.send('Browser.close'));
  try {
    await cdp.send('Browser.getVersion');
    const extension = await cdp.send('Extensions.loadUnpacked', { path: options.extension });
    return {
      cdp,
      extensionId: loaded.parse(extension).id,
      devtools: options.scripted ? await readDevtools(portFile) : null,
      exited: child.exited,
      close,
    };
  } catch (error) {
    await close();
    throw new Error(`${options.program} did not start: ${String(error)}`, { cause: error });
  }
}

function pipeOf(child: Child): CdpPipe {
  const [, , , toBrowser, fromBrowser] = child.process.stdio;
  if (!(toBrowser instanceof Socket) || !(fromBrowser instanceof Socket)) {
    throw new TypeError('expected pipes on file descriptors 3 and 4');
  }
  return createCdpPipe(toBrowser, fromBrowser);
}

const PORT_DEADLINE_MS = 10_000;
const PORT_RETRY_MS = 20;

/** Chromium writes the file while it starts; the first answer on the pipe may come a moment before. */
async function readDevtools(portFile: string): Promise<string> {
  const deadline = Date.now() + PORT_DEADLINE_MS;
  for (;;) {
    const text = await readFile(portFile, 'utf8').catch(() => '');
    const [port, path] = text.split('\n');
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    if (Date.now() > deadline) throw new Error('the browser named no debugging port');
    await delay(PORT_RETRY_MS);
  }
}
