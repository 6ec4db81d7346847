// A real relay on a free port of loopback, with its database in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelay, type Relay, type RelayOptions } from '../../relay/server.ts';

export interface TestRelay extends Relay {
  readonly dataDir: string;
}

/** `close` also removes the folder, unless `dataDir` was given. */
export async function startTestRelay(options: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const relay = await startRelay({ port: 0, host: '127.0.0.1', ...options, dataDir });
  return {
    ...relay,
    dataDir,
    close: async () => {
      await relay.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'commonplace-relay-'));
}
