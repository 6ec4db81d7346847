// The relay as a process: killed at any moment it keeps what it acknowledged, asked to stop it leaves in good order.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { spawnRelay, type RelayProcess } from '../support/relay-process.ts';
import { makeDataDir, startTestRelay } from '../support/relay.ts';
import { createTestNode, createTestSpace } from '../support/sync-node.ts';

let dataDir = '';
let running: RelayProcess[] = [];

beforeEach(async () => {
  dataDir = await makeDataDir();
});

afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  running = [];
  await rm(dataDir, { recursive: true, force: true });
});

async function spawned(): Promise<RelayProcess> {
  const relay = await spawnRelay(dataDir);
  running.push(relay);
  return relay;
}

test(
  'everything acknowledged survives kill -9 in the middle of writing',
  { timeout: 60_000 },
  async () => {
    const space = await createTestSpace();
    const ada = await createTestNode([space]);
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      const relay = await spawned();
      const session = await ada.connect(relay.url);
      await session.open(space.bytes);
      const goal = acknowledged + 100;
      const over = new AbortController();
      void session.closed.then(() => over.abort());
      const writing = (async () => {
        while (!over.signal.aborted) await ada.write(space, 5, 'x'.repeat(2000));
      })();
      await eventually(() => session.heldByOther(space.id, ada.author) >= goal);
      const killed = relay.end('SIGKILL');
      await session.closed;
      expect(await killed).toBe('SIGKILL');
      await writing;
      acknowledged = session.heldByOther(space.id, ada.author);
      expect(acknowledged).toBeGreaterThanOrEqual(goal);

      const again = await spawned();
      const bob = await createTestNode([space]);
      const fromBob = await bob.connect(again.url);
      await fromBob.open(space.bytes);
      await eventually(async () => (await bob.seqOf(space, ada.author)) >= acknowledged);
      await again.end('SIGKILL');
    }
  },
);

test(
  'SIGTERM drains: clients are told, the process ends well, and all is there afterwards',
  { timeout: 60_000 },
  async () => {
    const space = await createTestSpace();
    const ada = await createTestNode([space]);
    await ada.write(space, 50);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const relay = await spawned();
      const session = await ada.connect(relay.url);
      await session.open(space.bytes);
      await eventually(() => session.heldByOther(space.id, ada.author) === 50);
      expect(await relay.end(signal)).toBe(0);
      expect(await session.closed).toBeNull();
      expect(relay.lines).toHaveLength(1);
    }
  },
);

test('a second relay on the same data is refused, with a reason', { timeout: 60_000 }, async () => {
  await spawned();
  await expect(spawnRelay(dataDir)).rejects.toThrow(/another relay is running on it/);
});

test('closing a relay in process takes nobody in, closes channels and may be repeated', async () => {
  const relay = await startTestRelay();
  const space = await createTestSpace();
  const nodes = await Promise.all(Array.from({ length: 5 }, () => createTestNode([space])));
  const sessions = await Promise.all(nodes.map((node) => node.connect(relay.url)));
  await Promise.all(sessions.map((session) => session.open(space.bytes)));
  await Promise.all([relay.close(), relay.close()]);
  await Promise.all(sessions.map(({ closed }) => closed));
  await expect(fetch(`${relay.http}/health`)).rejects.toThrow();
});
