// One history of changes on its way into a browser that has nothing of it: from a relay beside automerge-repo from its own
// server, and from another browser over WebRTC.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure, Size } from './figure.ts';
import { savedText } from './keystrokes.ts';
import { startLab, type Lab } from './lab.ts';
import { spawnAutomergeServer } from './sync/automerge-server.ts';
import type { Synced, SyncTools } from '../test/support/sync-page.ts';
import { relayText, type Relayed } from './sync/relayed.ts';
import { median } from './table.ts';

const PAGE = new URL('../test/support/sync-page.ts', import.meta.url);
const SIZES = {
  full: { cold: 5_000, runs: 5, missed: 10_000, catchUps: 3 },
  small: { cold: 200, runs: 2, missed: 300, catchUps: 1 },
} as const satisfies Record<Size, unknown>;

export const syncBench: Bench = {
  name: 'sync',
  run: async (size) => {
    const { cold, runs, missed, catchUps } = SIZES[size];
    await using lab = await startLab<SyncTools>(PAGE);
    const figures = await coldFigures(lab, cold, runs);
    return [...figures, ...(await catchUpFigures(lab, missed, catchUps))];
  },
};

/** In turns, each in a page that was just opened; one of each before that does not count. */
async function coldFigures(lab: Lab<SyncTools>, changes: number, runs: number): Promise<Figure[]> {
  await using relayed = await relayText(changes, lab.origin);
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-bench-'));
  try {
    const file = join(folder, 'text.automerge');
    await writeFile(file, await savedText(relayed.history));
    await using server = await spawnAutomergeServer(file);
    const ours: Synced[] = [];
    const theirs: Synced[] = [];
    for (let run = 0; run <= runs; run += 1) {
      ours.push(await lab.call('ours', relayed.relay.url, relayed.member));
      theirs.push(await lab.call('theirs', server.url, server.document, changes));
    }
    return comparison(changes, ours.slice(1), theirs.slice(1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function comparison(changes: number, ours: readonly Synced[], theirs: readonly Synced[]): Figure[] {
  const name = `cold sync, ${changes.toLocaleString('en')} changes`;
  const ratio = median(whole(ours)) / median(whole(theirs));
  return [
    ms(`${name}: all verified and stored`, ours, ({ kept }) => kept),
    ms(`${name}: the text read too`, ours, ({ read }) => read),
    ms(`${name}, automerge-repo: the text read`, theirs, ({ read }) => read),
    ms(`${name}, automerge-repo: stored too`, theirs, ({ kept }) => kept),
    { name: `ours by automerge-repo: ${name}, stored and read`, unit: 'ratio', values: [ratio] },
  ];
}

/** One browser holds all of it; another, a process of its own, dials it with an empty store. */
async function catchUpFigures(
  lab: Lab<SyncTools>,
  missed: number,
  runs: number,
): Promise<Figure[]> {
  await using relayed = await relayText(missed, lab.origin);
  const { relay, member, space } = relayed;
  const holder = await lab.open();
  await holder('ours', relay.url, member);
  const peerId = await holder('host', relay.http, space);
  const times = await timesOf(lab, { relayed, peerId, runs });
  const name = `catch-up over WebRTC, ${missed.toLocaleString('en')} changes`;
  return [
    ms(`${name}: connected`, times, ({ connected }) => connected),
    ms(`${name}: all verified and stored`, times, ({ kept }) => kept),
    ms(`${name}: the text read too`, times, ({ read }) => read),
  ];
}

async function timesOf(
  lab: Lab<SyncTools>,
  given: { readonly relayed: Relayed; readonly peerId: string; readonly runs: number },
) {
  const { relay, member } = given.relayed;
  const times = [];
  for (let run = 0; run < given.runs; run += 1) {
    times.push(await lab.call('catchUp', relay.http, given.peerId, member));
  }
  return times;
}

function whole(runs: readonly Synced[]): number[] {
  return runs.map(({ kept, read }) => Math.max(kept, read));
}

function ms<T>(name: string, runs: readonly T[], take: (run: T) => number): Figure {
  return { name, unit: 'ms', values: runs.map(take) };
}
