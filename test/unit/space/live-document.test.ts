import { beforeAll, describe, expect, it } from 'vitest';
import { kindOfDocument } from '../../../lib/space/documents/kinds.ts';
import { LiveDocument } from '../../../lib/space/documents/live-document.ts';
import type { DocumentKind } from '../../../lib/space/documents/document-kind.ts';
import type { PageDocument } from '../../../lib/space/documents/page.ts';
import { startAutomerge } from '../../support/automerge.ts';

const ADA = 'aa'.repeat(16);
const BOB = 'bb'.repeat(16);

beforeAll(startAutomerge);

describe('a page document', () => {
  it('reads an annotation with the actor that made it', () => {
    const page = newPage();
    apply(page, ADA, propose(page, ADA, 'add', annotation('note-0001', 'hello')));
    expect(read(page).annotations).toMatchObject([
      { id: 'note-0001', note: 'hello', creator: ADA, target: { quote: { exact: 'words' } } },
    ]);
  });

  it('converges when two replicas annotate at once and exchange their changes in either order', () => {
    const [one, two] = [newPage(), newPage()];
    const fromAda = propose(one, ADA, 'add', annotation('note-0001', 'from Ada'));
    const fromBob = propose(two, BOB, 'add', annotation('note-0002', 'from Bob'));
    apply(one, ADA, fromAda);
    apply(one, BOB, fromBob);
    apply(two, BOB, fromBob);
    apply(two, ADA, fromAda);
    expect(read(one)).toEqual(read(two));
    expect(one.heads()).toEqual(two.heads());
    expect(read(one).annotations).toHaveLength(2);
  });

  it('keeps a change aside until the one it builds on has come', () => {
    const [author, reader] = [newPage(), newPage()];
    const first = propose(author, ADA, 'add', annotation('note-0001', 'first'));
    apply(author, ADA, first);
    const second = propose(author, ADA, 'edit', { id: 'note-0001', note: 'second', at: 2 });
    expect(apply(reader, ADA, second)).toMatchObject({ applied: 0, waiting: 1 });
    expect(apply(reader, ADA, first)).toMatchObject({ applied: 2, waiting: 0 });
    expect(read(reader).annotations[0]?.note).toBe('second');
  });

  it('makes no change for an author of whom one still waits, since both would have one number', () => {
    const [author, restored] = [newPage(), newPage()];
    const others = propose(author, BOB, 'add', annotation('note-0001', 'from Bob'));
    apply(author, BOB, others);
    const own = propose(author, ADA, 'edit', { id: 'note-0001', note: 'from Ada', at: 2 });
    apply(restored, ADA, own);
    const more = annotation('note-0002', 'more');
    const refused = restored.propose(ADA, 'add', more, 3_000);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    apply(restored, BOB, others);
    apply(restored, ADA, propose(restored, ADA, 'add', more));
    expect(read(restored).annotations.map(({ note }) => note)).toEqual(['from Ada', 'more']);
  });

  it('takes the same change twice as one', () => {
    const page = newPage();
    const change = propose(page, ADA, 'add', annotation('note-0001', 'once'));
    apply(page, ADA, change);
    apply(page, ADA, change);
    expect(read(page).annotations).toHaveLength(1);
  });

  it('refuses a change whose actor is not its author, and damaged bytes, and stays as it was', () => {
    const page = newPage();
    const change = propose(page, ADA, 'add', annotation('note-0001', 'mine'));
    expect(apply(page, BOB, change).refused).toHaveLength(1);
    for (let i = 0; i < change.length; i += 3) {
      const damaged = change.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 0xff;
      apply(page, ADA, damaged);
    }
    expect(read(page).annotations).toHaveLength(0);
    apply(page, ADA, change);
    expect(read(page).annotations).toHaveLength(1);
  });

  it('says what is missing when an annotation to edit has been removed', () => {
    const page = newPage();
    const edit = page.propose(ADA, 'edit', { id: 'note-0009', note: 'x', at: 1 }, 1);
    expect(edit).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    expect(page.propose(ADA, 'add', { id: 3 }, 1)).toMatchObject({
      ok: false,
      failure: { code: 'bad_arguments' },
    });
    expect(page.propose(ADA, 'toString', {}, 1)).toMatchObject({ ok: false });
  });

  it('makes no change when a verb changes nothing', () => {
    const board = new LiveDocument(kind('board'));
    apply(board, ADA, propose(board, ADA, 'setName', { name: 'Tides' }));
    expect(board.read()).toMatchObject({ name: 'Tides' });
  });
});

function newPage(): LiveDocument {
  return new LiveDocument(kind('page/00'));
}

function kind(id: string): DocumentKind {
  const found = kindOfDocument(id);
  if (found === null) throw new Error(`no kind for ${id}`);
  return found;
}

function read(page: LiveDocument): PageDocument {
  return page.read() as PageDocument;
}

function propose(page: LiveDocument, actor: string, verb: string, args: unknown): Uint8Array {
  const proposed = page.propose(actor, verb, args, 1_000);
  if (!proposed.ok || proposed.value === null) throw new Error(JSON.stringify(proposed));
  return proposed.value;
}

function apply(page: LiveDocument, actor: string, bytes: Uint8Array) {
  return page.apply([{ actor, bytes }]);
}

function annotation(id: string, note: string) {
  return {
    id,
    note,
    url: 'https://example.org/',
    title: 'Example',
    target: {
      quote: { type: 'TextQuoteSelector', exact: 'words', prefix: '', suffix: '' },
      position: { type: 'TextPositionSelector', start: 0, end: 5 },
    },
    agent: null,
    at: 1,
  };
}
