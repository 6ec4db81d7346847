// The gate under load: what one person may pile up for everyone else.
import * as A from '@automerge/automerge/slim';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveDocument, type BoundChange } from '../../../lib/space/documents/live-document.ts';
import { MAX_WAITING } from '../../../lib/space/documents/gate/waiting-room.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { forge, hashOf, type ForgedOp } from '../../support/automerge-forge.ts';
import { propose, wildKind } from '../../support/wild-document.ts';

const ADA = 'aa'.repeat(16);
const EVE = 'ee'.repeat(16);
const TRUE = [2, new Uint8Array()] as const;
const TIMEOUT_MS = 120_000;

beforeAll(startAutomerge);

describe('the gate of a document', () => {
  it(
    'sorts out twenty thousand changes that come last first',
    () => {
      const chain = chainOf(MAX_WAITING + 1);
      const document = new LiveDocument(wildKind);
      const [first, ...rest] = chain;
      const waited = document.apply(rest.toReversed());
      expect(waited).toMatchObject({ applied: 0, waiting: MAX_WAITING, dropped: 0, refused: [] });
      expect(document.apply(first === undefined ? [] : [first])).toMatchObject({
        applied: MAX_WAITING + 1,
        waiting: 0,
      });
      expect(document.heads()).toEqual([hashOf(chain.at(-1)?.bytes ?? new Uint8Array())]);
      document.free();
    },
    TIMEOUT_MS,
  );

  it('says how many changes found no room to wait, and holds none of them in a snapshot', () => {
    const document = new LiveDocument(wildKind);
    const before = document.save();
    const lost = 'fe'.repeat(32);
    const orphans = Array.from({ length: MAX_WAITING + 5 }, (_, i) => orphan(lost, i));
    expect(document.apply(orphans)).toMatchObject({ waiting: MAX_WAITING, dropped: 5 });
    expect(document.save()).toEqual(before);
    document.free();
  });

  it(
    'takes ten thousand conflicts on one key, and a change that settles them',
    () => {
      const document = new LiveDocument(wildKind);
      const root = document.heads()[0] ?? '';
      const ops = Array.from({ length: 10_000 }, (_, i): ForgedOp => {
        return { action: 1, key: 'one', value: [6, new TextEncoder().encode(`value ${i}`)] };
      });
      const bytes = forge({ actor: EVE, deps: [root], startOp: 24, ops });
      expect(document.apply([{ actor: EVE, bytes }])).toMatchObject({ applied: 1, refused: [] });
      const settled = propose(document, ADA, (doc) => void (doc['one'] = 'settled'));
      document.apply(settled === null ? [] : [{ actor: ADA, bytes: settled }]);
      expect(document.read()).toMatchObject({ one: 'settled' });
      expect(A.getHeads(A.load(document.save()))).toEqual(document.heads());
      document.free();
    },
    TIMEOUT_MS,
  );

  it('refuses an own change that everyone else would refuse', () => {
    const document = new LiveDocument(wildKind);
    const huge = document.propose(
      ADA,
      'edit',
      (doc: { text: string }) => {
        A.splice(doc, ['text'], 0, 0, 'a'.repeat(70_000));
      },
      0,
    );
    expect(huge).toMatchObject({ ok: false, failure: { code: 'too_large' } });
    document.free();
  });
});

/** Changes of one author, each on the one before. */
function chainOf(length: number): BoundChange[] {
  const document = new LiveDocument(wildKind);
  let last = document.heads()[0] ?? '';
  document.free();
  return Array.from({ length }, (_, i) => {
    const ops = [{ action: 1, key: `key${i % 50}`, value: TRUE }];
    const bytes = forge({ actor: EVE, deps: [last], seq: i + 1, startOp: 24 + i, ops });
    last = hashOf(bytes);
    return { actor: EVE, bytes };
  });
}

function orphan(missing: string, i: number): BoundChange {
  const ops = [{ action: 1, key: 'key', value: TRUE }];
  return {
    actor: EVE,
    bytes: forge({ actor: EVE, deps: [missing], seq: 2 + i, startOp: 99, ops }),
  };
}
