// Everything of one run, started in order: build, relay, then each person's browser. What is started is also
// put on the stack of ends, so that browsers end first, then the relay, then the temporary folders go.
import { createServer } from 'node:net';
import { ensureBuilt } from '../build.ts';
import { say } from '../say.ts';
import { fail, ok, type Result } from '../../lib/wire/failure.ts';
import { startBrowser, type RunningBrowser } from './browser.ts';
import { openFolders } from './folders.ts';
import { ensureBrowser } from './install-browser.ts';
import type { LaunchOptions } from './options.ts';
import { configurePerson, copyExtension, extensionIn, nameOf, type McpCommand } from './person.ts';
import { waitUntilReady, type ReadyPerson } from './ready.ts';
import { startRelay, type RunningRelay } from './relay.ts';

export interface RunningPerson {
  /** As this run calls the person; on a kept profile, where no person may be yet, the name of the profile. */
  readonly label: string;
  readonly person: ReadyPerson | null;
  readonly profile: string;
  readonly browser: RunningBrowser;
  readonly mcp: McpCommand;
}

export interface World {
  readonly relay: RunningRelay;
  readonly people: readonly RunningPerson[];
}

interface Start {
  readonly options: LaunchOptions;
  readonly program: string;
  readonly relayUrl: string;
  readonly signal: AbortSignal;
  readonly ends: AsyncDisposableStack;
}

/** Failures: `not_found` and `unavailable` (no browser, no display), `timeout`, `cancelled`. Throws when a part does not start. */
export async function startWorld(
  options: LaunchOptions,
  signal: AbortSignal,
  ends: AsyncDisposableStack,
): Promise<Result<World>> {
  if (!options.headless && !hasDisplay()) return noDisplay();
  const program = await ensureBrowser('chromium');
  if (!program.ok) return program;
  const folders = await openFolders(options, ends);
  await ensureBuilt(['chrome-mv3', 'bin'], () => Promise.all(folders.profiles.map(copyExtension)));
  if (signal.aborted) return interrupted();

  const relay = await startRelay(await usablePort(options.port), folders.relay);
  ends.defer(() => relay.close());
  const start = { options, program: program.value, relayUrl: relay.url, signal, ends };
  const people = await allOrFirstFailure(
    folders.profiles.map((profile, index) => startPerson(start, profile, index)),
  );
  return people.ok ? ok({ relay, people: people.value }) : people;
}

async function startPerson(
  { options, program, relayUrl, signal, ends }: Start,
  profile: string,
  index: number,
): Promise<Result<RunningPerson>> {
  const scripted = options.mode === 'scripted';
  const name = nameOf(index);
  const mcp = await configurePerson(
    profile,
    scripted ? { relay: relayUrl, name, grant: options.grant } : { relay: relayUrl },
  );
  const extension = extensionIn(profile);
  const { headless } = options;
  const browser = await startBrowser({ program, profile, extension, headless, scripted });
  ends.defer(() => browser.close());
  const { cdp, extensionId } = browser;
  const ready = await waitUntilReady(cdp, { extensionId, needsPerson: scripted, signal });
  if (!ready.ok) return ready;
  const label = scripted ? name : 'this profile';
  return ok({ label, person: ready.value, profile, browser, mcp });
}

/** Waits for all of them, also when one fails early: what still starts must get onto the stack of ends. */
async function allOrFirstFailure<T>(starting: readonly Promise<Result<T>>[]): Promise<Result<T[]>> {
  const values: T[] = [];
  for (const settled of await Promise.allSettled(starting)) {
    if (settled.status === 'rejected') throw settled.reason;
    if (!settled.value.ok) return settled.value;
    values.push(settled.value.value);
  }
  return ok(values);
}

/** The port asked for, or 0 when something else already listens there. */
async function usablePort(port: number): Promise<number> {
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  if (free) return port;
  say(`Port ${port} is taken; the relay takes a free one instead.`);
  return 0;
}

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

function noDisplay(): Result<never> {
  return fail(
    'unavailable',
    'There is no display here to open a browser window on.',
    'Run it in a desktop session, or without windows: npm start -- --headless',
  );
}

function interrupted(): Result<never> {
  return fail('cancelled', 'The start was interrupted.', 'Start again.');
}
