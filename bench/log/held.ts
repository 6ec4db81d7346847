// What a space that is open holds in memory: heap and buffers of Node.js after a collection, by the number of spaces. What
// Automerge's wasm holds of loaded documents is its own memory and grows in steps, so it is shown apart.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { createDocuments } from '../../test/support/spaces.ts';
import type { Figure } from '../figure.ts';
import { typeText, type Keystrokes } from '../keystrokes.ts';
import { openReader, type Reader } from './reader.ts';

/** Their logs lie in memory before the first measure, as they would on disk. */
export async function held(spaces: number, entries: number): Promise<Figure[]> {
  const logs = [];
  for (let i = 0; i < spaces; i += 1) logs.push(await storedLog(entries));
  const documents = createDocuments();
  const readers: Reader[] = [];
  const collect = collector();
  const before = await collect();
  for (const { history, replica } of logs) {
    const reader = await openReader(history, replica, documents);
    await reader.ready();
    readers.push(reader);
  }
  const opened = await collect();
  for (const reader of readers) await reader.read();
  const read = await collect();
  for (const reader of readers) reader[Symbol.dispose]();
  const figure = (what: string, bytes: number): Figure => ({
    name: `log: memory of an open space of ${entries} entries, ${what}`,
    unit: 'bytes',
    values: [bytes / spaces],
  });
  return [
    figure('nothing read', opened.heap - before.heap),
    figure('its text read', read.heap - before.heap),
    figure('its text read, with buffers and wasm', read.whole - before.whole),
  ];
}

async function storedLog(
  count: number,
): Promise<{ history: Pick<Keystrokes, 'space' | 'keys' | 'document'>; replica: Replica }> {
  const { space, keys, document, entries } = await typeText(count);
  const replica = createReplica(createMemoryEntryStore());
  await replica.accept(toHex(space), entries);
  return { history: { space, keys, document }, replica };
}

/** Bytes in use after all that can be has been collected. */
function collector() {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  return async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      collectGarbage();
      await new Promise((done) => setImmediate(done));
    }
    const { heapUsed, external } = process.memoryUsage();
    return { heap: heapUsed, whole: heapUsed + external };
  };
}
