// The log in Node.js, without a browser or a disk: how many entries it makes, checks and applies in a second, what one
// change costs that comes in to a long text, and what a space that is open holds in memory.
import { randomBytes } from '../lib/identity/hash.ts';
import { signerOfSeed } from '../lib/identity/signer.ts';
import { createReplica } from '../lib/log/replica.ts';
import { sealEntry, type EntryPlace } from '../lib/log/seal.ts';
import { artifact } from '../lib/space/documents/artifact.ts';
import { LiveDocument } from '../lib/space/documents/live-document.ts';
import { createMemoryEntryStore } from '../lib/store/memory-store.ts';
import { toHex } from '../lib/wire/bytes.ts';
import { unwrap } from '../lib/wire/failure.ts';
import { MAX_BATCH_ENTRIES } from '../lib/wire/sync-message.ts';
import { rateOf, timed, type Bench, type Figure, type Size } from './figure.ts';
import { typeText, type Keystrokes } from './keystrokes.ts';
import { held } from './log/held.ts';
import { openReader } from './log/reader.ts';
import { p95 } from './table.ts';

const SIZES = {
  full: { entries: 5_000, runs: 5, document: 10_000, incoming: 400, spaces: 20, inEach: 500 },
  small: { entries: 200, runs: 2, document: 300, incoming: 20, spaces: 3, inEach: 50 },
} as const satisfies Record<Size, unknown>;

export const logBench: Bench = {
  name: 'log',
  run: async (size) => {
    const { entries, runs, document, incoming, spaces, inEach } = SIZES[size];
    const history = await typeText(entries);
    return [
      await rates('log: entries sealed and signed', runs, entries, () => make(history)),
      await rates('log: entries verified and accepted', runs, entries, () => accept(history)),
      await appliedFigure(history, runs),
      ...(await incomingFigures(await typeText(document + incoming), document)),
      ...(await held(spaces, inEach)),
    ];
  },
};

async function rates(
  name: string,
  runs: number,
  count: number,
  work: () => Promise<unknown>,
): Promise<Figure> {
  const values: number[] = [];
  for (let run = 0; run <= runs; run += 1) values.push(await rateOf(count, work));
  return { name, unit: 'per second', values: values.slice(1) };
}

/** One after another, as each names the one before. */
async function make({ space, keys, document, changes }: Keystrokes): Promise<void> {
  const signer = await signerOfSeed(randomBytes(32));
  const key = unwrap(await keys.authorKey(0, signer.publicKey));
  const still = { space, segment: randomBytes(16), control: space, seen: space, epoch: 0 };
  let prev: Uint8Array | null = null;
  for (const [index, change] of changes.entries()) {
    const body = { kind: 'change', at: index, agent: null, document, change } as const;
    const place: EntryPlace = { ...still, seq: index + 1, prev };
    prev = unwrap(await sealEntry(body, place, key, signer)).hash;
  }
}

async function accept({ space, entries }: Keystrokes) {
  const replica = createReplica(createMemoryEntryStore());
  for (let from = 0; from < entries.length; from += MAX_BATCH_ENTRIES) {
    const batch = entries.slice(from, from + MAX_BATCH_ENTRIES);
    const { stored } = await replica.accept(toHex(space), batch);
    if (stored.length !== batch.length) throw new Error('expected all to be stored');
  }
  return replica;
}

/** Opened and brought into the document, from a log that is there. */
async function appliedFigure(history: Keystrokes, runs: number): Promise<Figure> {
  const replica = await accept(history);
  return rates('log: entries opened and applied', runs, history.changes.length, async () => {
    using reader = await openReader(history, replica);
    await reader.read();
  });
}

/** The entries after the first `before`, one by one. */
async function incomingFigures(history: Keystrokes, before: number): Promise<Figure[]> {
  const replica = await accept({ ...history, entries: history.entries.slice(0, before) });
  using reader = await openReader(history, replica);
  await reader.read();
  const whole: number[] = [];
  for (const bytes of history.entries.slice(before)) {
    const arrive = async () => {
      await replica.accept(toHex(history.space), [bytes]);
      await reader.version();
    };
    whole.push(await timed(arrive));
  }
  const name = `log: a change into a text of ${before.toLocaleString('en')}`;
  return [
    ...spread(`${name}, taken in and applied`, whole),
    ...spread(`${name}, the document alone`, alone(history, before)),
  ];
}

function alone({ actor, changes }: Keystrokes, before: number): number[] {
  const document = new LiveDocument(artifact);
  const bound = changes.map((bytes, place) => ({ actor, bytes, place }));
  document.apply(bound.slice(0, before));
  const values = bound.slice(before).map((change) => {
    const startedMs = performance.now();
    const { applied } = document.apply([change]);
    if (applied !== 1) throw new Error('expected it to be applied');
    return performance.now() - startedMs;
  });
  document.free();
  return values;
}

function spread(name: string, values: readonly number[]): Figure[] {
  return [
    { name, unit: 'ms', values },
    { name: `${name}, p95`, unit: 'ms', values: [p95(values)] },
  ];
}
