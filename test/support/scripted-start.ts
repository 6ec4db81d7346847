// The scripted start as other people's harnesses use it: spawn, read one line of JSON, interrupt.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { inRoot } from '../../scripts/root.ts';

/** The line that the scripted start promises (README). Strict: a field that is not promised is a mistake too. */
export const readyLine = z.strictObject({
  ready: z.literal(true),
  relay: z.string().regex(/^ws:\/\/127\.0\.0\.1:\d+$/),
  people: z.array(
    z.strictObject({
      name: z.string().min(1),
      did: z.string().startsWith('did:key:z'),
      extensionId: z.string().regex(/^[a-p]{32}$/),
      devtools: z.string().regex(/^ws:\/\/127\.0\.0\.1:\d+\/devtools\/browser\/[0-9a-f-]+$/),
      profile: z.string(),
      mcp: z.strictObject({
        command: z.string(),
        args: z.array(z.string()),
        env: z.record(z.string(), z.string()),
      }),
    }),
  ),
});

export type ReadyLine = z.infer<typeof readyLine>;

export interface ScriptedStart {
  readonly pid: number;
  /** The first line on standard output that begins with `{"ready"`. Rejects when the command ends before it. */
  readonly ready: Promise<ReadyLine>;
  /** All of standard output and standard error so far. */
  stdout(): string;
  stderr(): string;
  /** Settles when it has ended. */
  readonly exitCode: Promise<number | null>;
  /** Interrupts it and waits until it has ended; kills it when that takes longer than 30 s. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const READY_MS = 120_000;
const STOP_MS = 30_000;

/** Runs `command` (the bootstrap by default, which is all that `npm start` runs) with the given arguments. */
export function startScripted(
  args: readonly string[],
  [program, ...first]: readonly [string, ...string[]] = [
    process.execPath,
    inRoot('scripts', 'bootstrap.mjs'),
    'start',
    '--with-parent',
  ],
): ScriptedStart {
  const child = spawn(program, [...first, ...args], {
    cwd: inRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const line = new Promise<ReadyLine>((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      if (text.startsWith('{"ready"')) resolve(readyLine.parse(JSON.parse(text)));
    });
    const lost = (why: string) => reject(new Error(`scripted start: ${why}\n${printed.stderr}`));
    exitCode.then((code) => lost(`ended with code ${code}`), reject);
    delay(READY_MS, undefined, { ref: false }).then(() => lost('not ready in time'), reject);
  });
  // Whoever does not wait for it (a start that is meant to fail) must not see an unhandled rejection.
  line.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready: line,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    exitCode,
    async stop(signal = 'SIGINT') {
      child.kill(signal);
      const patience = new AbortController();
      delay(STOP_MS, undefined, { signal: patience.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      return exitCode.finally(() => patience.abort());
    },
  };
}
