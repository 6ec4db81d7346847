// Files on a board: added, removed, and what someone hostile writes in their place.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Board } from '../../../lib/space/documents/board.ts';
import { LiveDocument } from '../../../lib/space/documents/live-document.ts';
import { kindOfDocument } from '../../../lib/space/documents/kinds.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { startAutomerge } from '../../support/automerge.ts';

const ADA = 'aa'.repeat(16);
const FILE = {
  id: 'file-0001',
  name: 'Tide tables.pdf',
  mediaType: 'application/pdf',
  size: 3_000_000,
  blob: '01'.repeat(32),
  key: '02'.repeat(32),
  addedAt: 1_700_000_000_000,
};

beforeAll(startAutomerge);

function newBoard(): LiveDocument {
  const kind = kindOfDocument('board');
  if (kind === null) throw new Error('expected a kind');
  return new LiveDocument(kind);
}

function act(board: LiveDocument, verb: string, args: unknown): void {
  const change = unwrap(board.propose(ADA, verb, args, 0));
  if (change !== null) board.apply([{ actor: ADA, bytes: change, place: 1 }]);
}

function filesOf(board: LiveDocument): Board['files'] {
  return (board.read() as Board).files;
}

describe('a file on the board', () => {
  test('is read as it was added, with who added it', () => {
    const board = newBoard();
    act(board, 'addFile', FILE);
    expect(filesOf(board)).toEqual([{ ...FILE, creator: ADA }]);
  });

  test('is gone when it was removed, and cannot be removed twice', () => {
    const board = newBoard();
    act(board, 'addFile', FILE);
    act(board, 'removeFile', { id: FILE.id });
    expect(filesOf(board)).toEqual([]);
    expect(board.propose(ADA, 'removeFile', { id: FILE.id }, 0)).toMatchObject({
      failure: { code: 'not_found' },
    });
  });

  test.each([
    ['a name that is too long', { name: 'x'.repeat(256) }],
    ['no name', { name: '' }],
    ['a size beyond the limit', { size: 200 * 1024 * 1024 }],
    ['a key that is none', { key: 'secret' }],
    ['one field more', { html: '<b>' }],
    ['the name of a part of every object', { id: '__proto__' }],
  ])('is not added with %s', (_, wrong) => {
    const board = newBoard();
    expect(board.propose(ADA, 'addFile', { ...FILE, ...wrong }, 0)).toMatchObject({
      failure: { code: 'bad_arguments' },
    });
  });
});
