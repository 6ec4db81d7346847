// Documents behind the port of a worker: loaded when touched, let go, lost and built anew, and a worker that hangs.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createDocumentClient,
  type DocumentClient,
  type Patience,
} from '../../../lib/space/document-client.ts';
import { createDocumentShelf } from '../../../lib/space/document-shelf.ts';
import type { EntryRef } from '../../../lib/space/document-tail.ts';
import { kindOfDocument } from '../../../lib/space/documents/kinds.ts';
import { LiveDocument, type BoundChange } from '../../../lib/space/documents/live-document.ts';
import type { KeptDocument, KeptDocuments } from '../../../lib/space/snapshot/kept-document.ts';
import { serveDocuments } from '../../../lib/space/worker/document-host.ts';
import { DEFAULT_LIMITS } from '../../../lib/space/worker/loaded-documents.ts';
import type { DocumentCalls, DocumentRequest } from '../../../lib/space/worker/protocol.ts';
import { ok, unwrap } from '../../../lib/wire/failure.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { hashOf } from '../../support/automerge-forge.ts';

const ADA = 'aa'.repeat(16);
const BOARD = 'board';
const PAGE = `page/${'ab'.repeat(32)}`;
const PATIENCE: Patience = { callMs: 20_000, changeMs: 20, startMs: 20_000 };
/** Shorter, since each hang costs it; the worker shares this thread, so what merely delays both must not look like one. */
const WHERE_IT_HANGS: Patience = { ...PATIENCE, callMs: 2_000, changeMs: 2 };

beforeAll(startAutomerge);

describe('documents behind a worker', () => {
  it('are let go when there is no room for them and come back when they are read', async () => {
    const stage = workers({ maxBytes: 1 });
    const shelf = shelfOver(stage.client);
    for (const change of renames(3)) shelf.put(BOARD, change);
    for (const change of renames(5)) shelf.put('board/other', change);
    for (let round = 0; round < 3; round++) {
      expect(unwrap(await shelf.read(BOARD))).toMatchObject({ name: 'name 2' });
      expect(unwrap(await shelf.read('board/other'))).toMatchObject({ name: 'name 4' });
    }
    expect(stage.loads()).toBe(6);
    expect(stage.started()).toBe(1);
    shelf.close();
  });

  it('are let go when nobody touches them for a while', async () => {
    const stage = workers({ idleMs: 20 });
    const shelf = shelfOver(stage.client);
    for (const change of renames(2)) shelf.put(BOARD, change);
    unwrap(await shelf.read(BOARD));
    await expect
      .poll(async () => (unwrap(await shelf.read(BOARD)), stage.loads()), {
        interval: 60,
      })
      .toBeGreaterThan(1);
    shelf.close();
  });

  it('take in what comes while they are loaded, and are read with all of it', async () => {
    const stage = workers();
    const shelf = shelfOver(stage.client);
    const changes = renames(2_000);
    unwrap(await shelf.read(BOARD));
    for (const change of changes) shelf.put(BOARD, change);
    expect(unwrap(await shelf.read(BOARD))).toMatchObject({ name: 'name 1999' });
    expect(stage.loads()).toBe(1);
    shelf.close();
  });

  it('are built anew after their worker was lost, and answer those who were waiting', async () => {
    const stage = workers();
    const shelf = shelfOver(stage.client);
    for (const change of renames(4)) shelf.put(BOARD, change);
    const read = shelf.read(BOARD);
    stage.client.replace();
    expect(unwrap(await read)).toMatchObject({ name: 'name 3' });
    stage.client.replace();
    const propose = await shelf.propose(BOARD, ADA, {
      name: 'setName',
      args: { name: 'x' },
      at: 0,
    });
    expect(propose.ok).toBe(true);
    shelf.close();
  });

  it('are built anew from the log when there was no room for their changes in memory', async () => {
    const stage = workers();
    const shelf = shelfOver(stage.client, { roomBytes: 500 });
    for (const change of renames(20)) shelf.put(BOARD, change);
    expect(unwrap(await shelf.read(BOARD))).toMatchObject({ name: 'name 19' });
    stage.client.replace();
    expect(unwrap(await shelf.read(BOARD))).toMatchObject({ name: 'name 19' });
    shelf.close();
  });

  it('are kept with what was refused and what waits, and go on from there', async () => {
    const stored = new Map<string, KeptDocument>();
    const kept: KeptDocuments = {
      read: async (id) => stored.get(id) ?? null,
      write: async (id, document) => void stored.set(id, document),
    };
    const stage = workers();
    const before = shelfOver(stage.client, { kept });
    const changes = renames(6);
    const [first, second, third] = changes;
    if (!first || !second || !third) throw new Error('there are six changes');
    const wrong = { ...second, bytes: second.bytes.with(20, 0) };
    for (const change of [first, wrong, second, ...changes.slice(3)]) before.put(BOARD, change);
    await before.keep(1);
    const refused = before.refused();
    expect(refused).toHaveLength(1);
    before.close();

    const after = shelfOver(stage.client, { kept });
    after.restore(before.state());
    expect(after.list()).toEqual([BOARD]);
    expect(unwrap(await after.read(BOARD))).toMatchObject({ name: 'name 1' });
    expect(after.refused()).toEqual(refused);
    after.put(BOARD, third);
    expect(unwrap(await after.read(BOARD))).toMatchObject({ name: 'name 5' });
    after.close();
  });

  it('refuse what does not fit and say so by the shelf', async () => {
    const shelf = shelfOver(workers().client);
    const [first, second] = renames(2);
    if (first === undefined || second === undefined) throw new Error('there are two changes');
    const wrong = { ...second, bytes: second.bytes.with(20, 0) };
    for (const change of [first, wrong]) shelf.put(BOARD, change);
    expect(unwrap(await shelf.read(BOARD))).toMatchObject({ name: 'name 0' });
    expect(shelf.refused()).toMatchObject([{ document: BOARD, actor: ADA }]);
    shelf.close();
  });
});

describe('a change that hangs the worker', () => {
  it('is found, named and left out, and what builds on it; everything else goes on', async () => {
    const changes = renames(40);
    const harmful = changes[30];
    if (harmful === undefined) throw new Error('there are forty changes');
    const stage = workers({}, hashOf(harmful.bytes));
    const shelf = shelfOver(stage.client);
    for (const change of changes) shelf.put(BOARD, change);
    const [board, page] = await Promise.all([shelf.read(BOARD), shelf.read(PAGE)]);
    expect(unwrap(board)).toMatchObject({ name: 'name 29' });
    expect(unwrap(page)).toMatchObject({ annotations: [] });
    const [named, ...others] = shelf.refused();
    expect(named).toMatchObject({ document: BOARD, actor: ADA, hash: hashOf(harmful.bytes) });
    expect(others).toHaveLength(9);
    // Once in its slice and once alone.
    expect(stage.started()).toBe(3);
    shelf.close();
  });

  it('gives the call that hung a failure, and none to those behind it that ask again', async () => {
    const [change] = renames(1);
    if (change === undefined) throw new Error('there is one change');
    const stage = workers({}, hashOf(change.bytes));
    const skip = new Map<string, string>();
    const hung = stage.client.call('load', {
      document: 'x',
      kind: BOARD,
      base: null,
      changes: [change],
      skip,
    });
    const behind = stage.client.call('read', { document: 'x' });
    expect(await hung).toMatchObject({ ok: false, failure: { code: 'timeout' } });
    expect(await behind).toMatchObject({ ok: false, failure: { code: 'closed' } });
    const again = { document: 'y', kind: BOARD, base: null, changes: [], skip };
    expect(await stage.client.call('load', again)).toMatchObject({ ok: true });
  });
});

/** Changes that name a board `name 0`, `name 1`, …, each on the one before. */
function renames(length: number): BoundChange[] {
  const kind = kindOfDocument(BOARD);
  if (kind === null) throw new Error('there are boards');
  const document = new LiveDocument(kind);
  const changes = Array.from({ length }, (_, i): BoundChange => {
    const bytes = unwrap(document.propose(ADA, 'setName', { name: `name ${i}` }, 1_000));
    if (bytes === null) throw new Error('a new name is a change');
    document.apply([{ actor: ADA, bytes }]);
    return { actor: ADA, bytes };
  });
  document.free();
  return changes;
}

/** A shelf beside a log that holds what was put there. */
function shelfOver(
  client: DocumentClient,
  options: { kept?: KeptDocuments; roomBytes?: number } = {},
) {
  const log: BoundChange[] = [];
  const read = async (refs: readonly EntryRef[]) => refs.flatMap(({ seq }) => log[seq - 1] ?? []);
  const shelf = createDocumentShelf({ space: '00', client, source: { read }, ...options });
  const put = (document: string, change: BoundChange): void =>
    shelf.add(document, { author: ADA, seq: log.push(change) }, change);
  return Object.assign(shelf, { put });
}

/** Real document hosts on ports of this thread. One that is given the change `hangsOn` never says a word again. */
function workers(limits: Partial<typeof DEFAULT_LIMITS> = {}, hangsOn: string | null = null) {
  let [started, loads] = [0, 0];
  const start = async () => {
    started += 1;
    const [outer, inner] = [new MessageChannel(), new MessageChannel()];
    let [hangs, skips] = [false, false];
    outer.port1.addEventListener('message', (event: MessageEvent<DocumentRequest>) => {
      if (event.data.call === 'load') loads += 1;
      const { changes, skip } = event.data.args as Partial<Parameters<DocumentCalls['load']>[0]>;
      skips ||= hangsOn !== null && skip?.has(hangsOn) === true;
      hangs ||= !skips && changes?.some(({ bytes }) => hashOf(bytes) === hangsOn) === true;
      if (!hangs) inner.port2.postMessage(event.data);
    });
    inner.port2.addEventListener('message', ({ data }) => outer.port1.postMessage(data));
    outer.port1.start();
    inner.port2.start();
    serveDocuments(inner.port1, startAutomerge(), { ...DEFAULT_LIMITS, ...limits });
    return ok(outer.port2);
  };
  const client = createDocumentClient({ start }, hangsOn === null ? PATIENCE : WHERE_IT_HANGS);
  return { client, started: () => started, loads: () => loads };
}
