// automerge-repo's own sync server as a process of its own, holding one document: `node automerge-server.ts FILE`, and how a
// benchmark starts it. It has no storage, so that nothing of it waits for a disk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Repo } from '@automerge/automerge-repo/slim';
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { startAutomerge } from '../../test/support/automerge.ts';

export interface AutomergeServer extends AsyncDisposable {
  readonly url: string;
  /** The address of the document. */
  readonly document: string;
}

type Adapted = ConstructorParameters<typeof WebSocketServerAdapter>[0];

const ready = z.strictObject({ url: z.string(), document: z.string() });

/** `file`: the document as Automerge saves it. */
export async function spawnAutomergeServer(file: string): Promise<AutomergeServer> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const line = once(createInterface(child.stdout), 'line');
  const [first] = await Promise.race([line, exited.then(() => ['{}'])]);
  return {
    ...ready.parse(JSON.parse(String(first))),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function serve(file: string): Promise<void> {
  await startAutomerge();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('expected a TCP port');
  // It is the very class that the adapter asks for; its declarations name it by another way round.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const adapter = new WebSocketServerAdapter(server as unknown as Adapted);
  const repo = new Repo({ network: [adapter] });
  const { url } = repo.import(new Uint8Array(await readFile(file)));
  const address = { url: `ws://127.0.0.1:${bound.port}`, document: url };
  process.stdout.write(`${JSON.stringify(address)}\n`);
}

if (import.meta.main) {
  const [, , file = ''] = process.argv;
  await serve(file);
}
