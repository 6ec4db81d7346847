// The relay of a run, as a child process on loopback.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { PROGRAM } from '../build/targets.ts';
import { startChild, type Exit } from './child.ts';

export interface RunningRelay {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly exited: Promise<Exit>;
  close(): Promise<void>;
}

const END_WITH_PARENT = new URL('end-with-parent.mjs', import.meta.url).href;
const DEADLINE_MS = 20_000;

const readyLine = z.object({ ready: z.literal(true), url: z.string().startsWith('ws://') });

/** Starts it with its database in the folder `data`; resolves when it listens. */
export async function startRelay(port: number, data: string): Promise<RunningRelay> {
  const args = ['relay', '--port', String(port), '--data', data, '--json'];
  const program = ['--import', END_WITH_PARENT, PROGRAM];
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const;
  const child = await startChild(process.execPath, [...program, ...args], [...stdio]);
  const close = () => child.end();
  try {
    const stdout = child.process.stdout;
    if (!stdout) throw new Error('no standard output');
    const deadline = new AbortController();
    const line = await Promise.race([
      new Promise<string>((resolve) => createInterface(stdout).once('line', resolve)),
      child.exited.then(({ code }) => Promise.reject(new Error(`it ended with code ${code}`))),
      delay(DEADLINE_MS, undefined, { signal: deadline.signal }).then(() =>
        Promise.reject(new Error(`it said nothing for ${DEADLINE_MS / 1000} s`)),
      ),
    ]).finally(() => deadline.abort());
    return { url: readyLine.parse(JSON.parse(line)).url, exited: child.exited, close };
  } catch (error) {
    await close();
    throw new Error(`The relay did not start: ${String(error)}`, { cause: error });
  }
}
