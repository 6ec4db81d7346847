// The relay as a process of its own, run from the sources: `node relay-process.ts DATA_DIR [PORT]`, and how a test starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { unwrap } from '../../lib/wire/failure.ts';
import { runRelay } from '../../relay/main.ts';

export interface RelayProcess {
  readonly url: string;
  readonly http: string;
  readonly process: ChildProcess;
  /** Everything that was printed to standard output so far, by lines. */
  readonly lines: readonly string[];
  /** Sends a signal and gives the exit code, or the signal's name when that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string | null>;
}

const ready = z.strictObject({ ready: z.literal(true), url: z.string(), http: z.string() });

/** `origins`: web pages that may come, besides extensions. */
export async function spawnRelay(
  dataDir: string,
  origins: readonly string[] = [],
): Promise<RelayProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...originsAs(origins) },
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const exited = once(child, 'exit');
  await Promise.race([once(reader, 'line'), exited]);
  if (child.exitCode !== null) throw new Error(`the relay did not start: ${errors}`);
  const { url, http } = ready.parse(JSON.parse(lines[0] ?? ''));
  return {
    url,
    http,
    process: child,
    lines,
    end: async (signal) => {
      child.kill(signal);
      await exited;
      return child.exitCode ?? child.signalCode;
    },
  };
}

function originsAs(origins: readonly string[]): Record<string, string> {
  return origins.length === 0 ? {} : { COMMONPLACE_RELAY_ORIGINS: origins.join(',') };
}

if (import.meta.main) {
  const [, , dataDir = '', port = '0'] = process.argv;
  unwrap(await runRelay({ port: Number(port), host: '127.0.0.1', dataDir, json: true }));
}
