// Each class of hostile change through the gate, before and after the honest ones.
import * as A from '@automerge/automerge/slim';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveDocument, type BoundChange } from '../../../lib/space/documents/live-document.ts';
import { utf8 } from '../../../lib/wire/bytes.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { forge, hashOf, type ForgedOp } from '../../support/automerge-forge.ts';
import { signed } from '../../support/column-codes.ts';
import {
  ADA,
  BOB,
  eve,
  EVE,
  honestWork,
  LIST,
  SET,
  TEXT,
  TRUE,
  type Honest,
} from '../../support/hostile-author.ts';
import { HOSTILE_BYTES } from '../../support/hostile-bytes.ts';
import { HOSTILE_PAST } from '../../support/hostile-past.ts';
import { wildKind } from '../../support/wild-document.ts';

const HOSTILE = { ...HOSTILE_BYTES, ...HOSTILE_PAST };

let honest: Honest;

beforeAll(async () => {
  await startAutomerge();
  honest = honestWork();
});

describe('a change through the gate', () => {
  it.each(Object.keys(HOSTILE))('is refused in either order with %s', (name) => {
    const [reason, make] = HOSTILE[name] ?? never();
    const hostile = make(honest);
    const after = replica();
    const late = after.apply([...honestChanges(), hostile]);
    const before = replica();
    const early = [before.apply([hostile]), before.apply(honestChanges())];
    const clean = replica();
    clean.apply(honestChanges());
    for (const applied of [[late], early]) {
      const refused = applied.flatMap((each) => each.refused);
      expect(refused.map((refusal) => refusal.reason)).toEqual([reason]);
    }
    for (const document of [after, before]) {
      expect(document.heads()).toEqual(clean.heads());
      expect(document.read()).toEqual(clean.read());
      loadsAgain(document);
    }
  });

  it('is refused with everything that builds on it, whichever comes first', () => {
    const bad = eve(honest, [{ action: 3, object: LIST, element: [1, 19] }]);
    const onIt = {
      actor: ADA,
      bytes: forge({ actor: ADA, deps: [hashOf(bad.bytes)], startOp: 25, ops: [SET] }),
    };
    for (const order of [
      [bad, onIt],
      [onIt, bad],
    ]) {
      const document = replica();
      const refused = order.flatMap((change) => document.apply([change]).refused);
      const hashes = [hashOf(bad.bytes), hashOf(onIt.bytes)];
      expect(new Set(refused.map(({ hash }) => hash))).toEqual(new Set(hashes));
      expect(document.apply([])).toMatchObject({ waiting: 0 });
      document.free();
    }
  });

  it('stands though someone else has put it into their own log before', () => {
    const document = replica();
    expect(document.apply([{ actor: EVE, bytes: honest.bob }]).refused).toHaveLength(1);
    expect(document.apply([{ actor: BOB, bytes: honest.bob }])).toMatchObject({ applied: 1 });
  });

  it('is taken from people who are new, with every operation that documents use', () => {
    const document = replica();
    const applied = document.apply([
      eve(honest, [
        { action: 1, object: TEXT, element: [1, 17], insert: true, value: [6, utf8('!')] },
        { action: 3, object: LIST, element: [1, 19], preds: [[1, 19]] },
        { action: 0, key: 'new' },
        { action: 1, object: [0, 26], key: 'inner', value: [4, signed(-3)] },
      ]),
    ]);
    expect(applied).toMatchObject({ applied: 1, refused: [] });
    expect(document.read()).toMatchObject({ text: 'once upon a time!', list: [2, 3, 4] });
    loadsAgain(document);
  });
});

function pair(): readonly [BoundChange, BoundChange] {
  return [eve(honest, [{ ...SET, key: 'one' }]), eve(honest, [{ ...SET, key: 'other' }])];
}

describe('two changes of one author with one number', () => {
  it('leave the one that the author log has first, in either order', () => {
    const [one, other] = pair();
    const first = { ...one, place: 4 };
    const second = { ...other, place: 7 };
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      const document = replica();
      const refused = order.flatMap((change) => document.apply([change]).refused);
      expect(refused.map(({ hash }) => hash)).toContain(hashOf(second.bytes));
      expect(document.heads()).toEqual([hashOf(first.bytes)]);
      expect(document.read()).toMatchObject({ one: true });
      loadsAgain(document);
    }
  });

  it('leave the same one everywhere when no log says which was first', () => {
    const [one, other] = pair();
    const stays = [one, other].map(({ bytes }) => hashOf(bytes)).toSorted()[0];
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const document = replica();
      for (const change of order) document.apply([change]);
      expect(document.heads()).toEqual([stays]);
      document.free();
    }
  });

  it('take down what builds on the one that falls, and nothing else', () => {
    const [one, other] = pair();
    const [first, second] = [
      { ...one, place: 1 },
      { ...other, place: 2 },
    ];
    const onSecond = {
      actor: ADA,
      bytes: forge({ actor: ADA, deps: [hashOf(second.bytes)], startOp: 25, ops: [SET] }),
    };
    const bob = { actor: BOB, bytes: honest.bob };
    const ends = [
      [second, onSecond, bob, first],
      [first, bob, onSecond, second],
    ].map((order) => {
      const document = replica();
      for (const change of order) document.apply([change]);
      loadsAgain(document, false);
      return document.heads();
    });
    expect(ends[0]).toEqual([hashOf(first.bytes), hashOf(bob.bytes)].toSorted());
    expect(ends[1]).toEqual(ends[0]);
  });
});

describe('a snapshot with poison in it', () => {
  it('gives the document of its honest changes', () => {
    const poisoned = [
      ...honestChanges(),
      ...Object.values(HOSTILE).map(([, make]) => make(honest)),
    ];
    const document = replica();
    const clean = replica();
    clean.apply(honestChanges());
    const { refused, applied } = document.apply(poisoned);
    expect(applied).toBe(3);
    expect(refused).toHaveLength(Object.keys(HOSTILE).length);
    expect(document.read()).toEqual(clean.read());
    loadsAgain(document);
  });
});

function honestChanges(): BoundChange[] {
  const { ada, bob } = honest;
  return [...ada.map((bytes) => ({ actor: ADA, bytes })), { actor: BOB, bytes: bob }];
}

function replica(): LiveDocument {
  return new LiveDocument(wildKind);
}

function loadsAgain(document: LiveDocument, andFree = true): void {
  const loaded = A.load(document.save());
  expect(A.getHeads(loaded).toSorted()).toEqual([...document.heads()].toSorted());
  expect(A.toJS(loaded)).toEqual(document.read());
  A.free(loaded);
  if (andFree) document.free();
}

function never(): never {
  throw new Error('the test has not made what it needs');
}

// Codes are checked against Automerge's own, so that what is refused is refused for its one fault.
describe('the forge', () => {
  it('writes the columns that Automerge writes', () => {
    const ops: ForgedOp[] = [
      { action: 1, key: 'a', value: [6, utf8('x')] },
      { action: 0, key: 'b' },
      { action: 1, object: [0, 2], key: 'c', value: TRUE },
    ];
    const actor = 'ab'.repeat(16);
    const doc = A.change(A.init<Record<string, unknown>>({ actor }), { time: 0 }, (draft) => {
      draft['a'] = new A.ImmutableString('x');
      draft['b'] = { c: true };
    });
    expect(forge({ actor, ops })).toEqual(A.getLastLocalChange(doc));
  });
});
