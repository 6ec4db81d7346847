// `npm start`: a relay and browsers with the extension, until it is told to stop.
import { readyLine, sayReady } from './launch/announce.ts';
import type { Exit } from './launch/child.ts';
import { parseOptions, USAGE, type LaunchOptions } from './launch/options.ts';
import { createStopSignal } from './launch/stop-signal.ts';
import { startWorld, type World } from './launch/world.ts';
import { say, sayFailure } from './say.ts';

/** Exit codes: 0 ended as asked, 1 something failed, 2 the command line was wrong. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  if (!options.ok) {
    sayFailure(options.failure);
    return 2;
  }
  try {
    return await run(options.value, createStopSignal(options.value.withParent));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function run(options: LaunchOptions, stop: AbortSignal): Promise<number> {
  await using ends = new AsyncDisposableStack();
  const started = await startWorld(options, stop, ends);
  if (!started.ok) {
    sayFailure(started.failure);
    return 1;
  }
  const world = started.value;
  if (options.json) process.stdout.write(`${readyLine(world)}\n`);
  else sayReady(world);
  // Awaited here: what is on the stack ends as soon as this function has its value.
  return await untilEnd(world, options.mode, stop);
}

/**
 * A browser that was closed is that person leaving, and a relay that died is bad weather: whoever drives the run
 * may want to see what the others do then, so it stays until it is told to end. Only a kept run ends with its browser.
 */
async function untilEnd(
  { relay, people }: World,
  mode: LaunchOptions['mode'],
  stop: AbortSignal,
): Promise<number> {
  let isOver = false;
  const { promise, resolve } = Promise.withResolvers<number>();
  const end = (code: number): void => {
    isOver = true;
    resolve(code);
  };
  stop.addEventListener('abort', () => end(0));
  if (stop.aborted) end(0);
  void relay.exited.then((exit) => {
    if (isOver) return;
    say(`The relay ended unexpectedly (${wordsFor(exit)}). The browsers go on without it.`);
  });
  for (const { label, browser } of people) {
    void browser.exited.then((exit) => {
      if (isOver) return;
      const orderly = exit.code === 0;
      const how = orderly ? 'was closed' : `died (${wordsFor(exit)})`;
      say(`The browser of ${label} ${how}.`);
      if (mode === 'kept') end(orderly ? 0 : 1);
    });
  }
  return promise;
}

function wordsFor({ code, signal }: Exit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}
