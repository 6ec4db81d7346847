// What the document gate costs: each honest change, hostile ones, an incoming change in a large document, and many that
// wait for each other.
import * as A from '@automerge/automerge/slim';
import { readChange } from '../lib/space/documents/gate/read-change.ts';
import { ChangeGate } from '../lib/space/documents/gate/change-gate.ts';
import { board } from '../lib/space/documents/board.ts';
import { LiveDocument, type BoundChange } from '../lib/space/documents/live-document.ts';
import { SLICE_CHANGES } from '../lib/space/shelved-document.ts';
import { startAutomerge } from '../test/support/automerge.ts';
import { forge, hashOf } from '../test/support/automerge-forge.ts';
import { honestWork } from '../test/support/hostile-author.ts';
import { HOSTILE_BYTES } from '../test/support/hostile-bytes.ts';
import { dice, wildHistory, wildKind } from '../test/support/wild-document.ts';
import { timedFigure, type Bench, type Figure } from './figure.ts';

const HISTORY = 1_000;
const RUNS = 5;
const CHAIN = 20_000;
const EVE = 'ee'.repeat(16);

export const gateBench: Bench = {
  name: 'gate',
  run: async () => {
    await startAutomerge();
    const history = wildHistory(dice(1), HISTORY);
    return [
      await perChange('gate, bytes of a change', history, (change) => readChange(change.bytes)),
      await gateOf(history),
      await slowestHostile(),
      ...(await incoming()),
      await reversed(),
      await loading('load of 20,000 changes through the gate', (changes) => {
        const document = new LiveDocument(board);
        for (let at = 0; at < changes.length; at += SLICE_CHANGES) {
          document.apply(changes.slice(at, at + SLICE_CHANGES));
        }
        document.free();
      }),
      await loading('load of 20,000 changes, bare Automerge', (changes) => {
        const bytes = changes.map((change) => change.bytes);
        A.free(A.applyChanges(A.init(), bytes)[0]);
      }),
    ];
  },
};

/** Microseconds a change, as milliseconds a thousand changes. */
function perChange(
  name: string,
  changes: readonly BoundChange[],
  work: (change: BoundChange) => unknown,
): Promise<Figure> {
  const all = async () => {
    for (const change of changes) work(change);
  };
  return timedFigure(`${name}, × ${changes.length}`, RUNS, all, 2);
}

function gateOf(history: readonly BoundChange[]): Promise<Figure> {
  const document = new LiveDocument(wildKind);
  const begin = A.getAllChanges(A.load(document.save()))[0] ?? null;
  document.free();
  const all = async () => {
    const gate = new ChangeGate(begin, new Map());
    for (const change of history) gate.offer(change);
  };
  return timedFigure(`gate, bytes and past of a change, × ${history.length}`, RUNS, all, 2);
}

/** The slowest verdict on any of the hostile changes. */
async function slowestHostile(): Promise<Figure> {
  const honest = honestWork();
  const hostile = Object.values(HOSTILE_BYTES).map(([, make]) => make(honest).bytes);
  for (let warm = 0; warm < 20; warm++) for (const bytes of hostile) readChange(bytes);
  const values = hostile.map((bytes) => {
    const startedMs = performance.now();
    readChange(bytes);
    return performance.now() - startedMs;
  });
  return { name: 'gate, verdict on a hostile change', unit: 'ms', values };
}

/** One more change from someone else, in documents of many changes. */
async function incoming(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of [1_000, 10_000]) {
    const document = new LiveDocument(board);
    document.apply(chainOf(size + 100).slice(0, size));
    const rest = chainOf(size + 100).slice(size);
    const next = async () => document.apply(rest.splice(0, 1));
    figures.push(await timedFigure(`incoming change at ${size} changes`, 80, next, 20));
    document.free();
  }
  return figures;
}

async function reversed(): Promise<Figure> {
  const chain = chainOf(CHAIN).toReversed();
  return timedFigure('20,000 changes, last first', 2, async () => {
    const document = new LiveDocument(board);
    document.apply(chain);
    document.free();
  });
}

function loading(name: string, work: (changes: readonly BoundChange[]) => void): Promise<Figure> {
  const chain = chainOf(CHAIN);
  return timedFigure(name, 2, async () => work(chain));
}

/** Changes of one author that set keys of a map, each on the one before. */
function chainOf(length: number): BoundChange[] {
  const changes: BoundChange[] = [];
  const held = new Map<string, number>();
  for (let i = 0; i < length; i++) {
    const last = changes.at(-1);
    const key = `key${i % 500}`;
    const pred = held.get(key);
    held.set(key, i + 1);
    const bytes = forge({
      actor: EVE,
      deps: last === undefined ? [] : [hashOf(last.bytes)],
      seq: i + 1,
      startOp: i + 1,
      ops: [
        {
          action: 1,
          key,
          value: [6, new TextEncoder().encode(`value ${i}`)],
          preds: pred === undefined ? [] : [[0, pred]],
        },
      ],
    });
    changes.push({ actor: EVE, bytes });
  }
  return changes;
}
