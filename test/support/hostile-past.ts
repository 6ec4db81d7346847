// Changes whose bytes are right and that do not fit their own past. The recipes stay in tests.
import { utf8 } from '../../lib/wire/bytes.ts';
import { hashOf } from './automerge-forge.ts';
import { ADA, eve, EVE, LIST, SET, TEXT, TRUE, BEGIN, type Hostile } from './hostile-author.ts';

export const HOSTILE_PAST: Hostile = {
  'the actor of someone else': [
    'It names another actor than its author may use.',
    (honest) => ({ actor: EVE, bytes: honest.bob }),
  ],
  'a first operation too low': [
    'its operations do not begin after its past',
    (honest) => eve(honest, [SET], { startOp: 3 }),
  ],
  'a first operation too high': [
    'its operations do not begin after its past',
    (honest) => eve(honest, [SET], { startOp: 2 ** 31 - 5 }),
  ],
  'a number that is not the next': [
    'it is change 2 of its author, after number 0 in its own past',
    (honest) => eve(honest, [SET], { seq: 2 }),
  ],
  'number nought': [
    'it is change 0 of its author, after number 0 in its own past',
    (honest) => eve(honest, [SET], { seq: 0 }),
  ],
  'nothing that it builds on': [
    'it does not build on the document',
    (honest) => eve(honest, [SET], { deps: [], startOp: 1 }),
  ],
  'a change and its own past to build on': [
    'it builds on a change and on what that one builds on',
    (honest) =>
      eve(honest, [SET], { deps: [honest.root, hashOf(honest.ada[0])].toSorted(), startOp: 25 }),
  ],
  'what it builds on out of order': [
    'a list is not in ascending order',
    (honest) =>
      eve(honest, [SET], {
        deps: [hashOf(honest.ada[0]), hashOf(honest.bob)].toSorted().toReversed(),
        startOp: 32,
      }),
  ],
  'an object outside its past': [
    'it refers to an operation outside its past',
    (honest) =>
      eve(honest, [{ action: 1, object: [1, 25], key: 'x', value: TRUE }], { others: [ADA] }),
  ],
  'an element outside its past': [
    'it refers to an operation outside its past',
    (honest) =>
      eve(honest, [{ action: 1, object: [1, 18], element: [2, 25], insert: true, value: TRUE }], {
        others: [BEGIN, ADA],
      }),
  ],
  'a predecessor outside its past': [
    'it refers to an operation outside its past',
    (honest) => eve(honest, [{ ...SET, preds: [[1, 24]] }], { others: [ADA] }),
  ],
  'an operation to come': [
    'it refers to an operation to come',
    (honest) =>
      eve(honest, [
        { ...SET, preds: [[0, 25]] },
        { ...SET, key: 'x' },
      ]),
  ],
  'an object that is none': [
    'it changes what is no object',
    (honest) => eve(honest, [{ action: 1, object: [1, 2], key: 'x', value: TRUE }]),
  ],
  'an element of another object': [
    'it refers to an element of another object',
    (honest) =>
      eve(honest, [{ action: 1, object: LIST, element: [1, 2], insert: true, value: TRUE }]),
  ],
  'a predecessor of another key': [
    'a predecessor is of another place',
    (honest) => eve(honest, [{ ...SET, preds: [[1, 1]] }]),
  ],
  'a deletion that deletes nothing': [
    'a deletion deletes nothing or holds something',
    (honest) => eve(honest, [{ action: 3, object: LIST, element: [1, 19] }]),
  ],
  'a deletion under another key': [
    'a predecessor is of another place',
    (honest) => eve(honest, [{ action: 3, object: LIST, element: [1, 19], preds: [[1, 20]] }]),
  ],
  'the same element deleted over and over': [
    'it replaces what has been replaced in its past',
    (honest) =>
      eve(
        honest,
        Array.from({ length: 30_000 }, () => ({
          action: 3,
          object: LIST,
          element: [1, 19] as const,
          preds: [[1, 19] as const],
        })),
      ),
  ],
  'a value replaced that its past has replaced': [
    'it replaces what has been replaced in its past',
    (honest) => {
      const last = hashOf(honest.bob);
      const preds = [[1, 2] as const];
      return eve(honest, [{ action: 3, object: TEXT, element: [1, 2], preds }], {
        deps: [last],
        startOp: 32,
      });
    },
  ],
  'a predecessor twice': [
    'predecessors are out of order',
    (honest) =>
      eve(honest, [
        {
          action: 1,
          object: LIST,
          element: [1, 19],
          value: TRUE,
          preds: [
            [1, 19],
            [1, 19],
          ],
        },
      ]),
  ],
  'a key in a list': [
    'a key does not fit its object',
    (honest) => eve(honest, [{ action: 1, object: LIST, key: 'x', value: TRUE }]),
  ],
  'an element in a map': [
    'a key does not fit its object',
    (honest) => eve(honest, [{ action: 1, element: 'head', insert: true, value: TRUE }]),
  ],
  'the head of a list replaced': [
    'it changes the head of a list',
    (honest) => eve(honest, [{ action: 1, object: LIST, element: 'head', value: TRUE }]),
  ],
  'a letter replaced in place': [
    'it replaces a letter in place',
    (honest) => eve(honest, [{ action: 1, object: TEXT, element: [1, 5], value: [6, utf8('x')] }]),
  ],
  'something other than letters in a text': [
    'something other than letters stands in a text',
    (honest) =>
      eve(honest, [{ action: 1, object: TEXT, element: 'head', insert: true, value: TRUE }]),
  ],
  'a mark that ends before it begins': [
    'a mark ends before it begins',
    (honest) =>
      eve(honest, [
        { action: 7, object: TEXT, element: [1, 9], insert: true, mark: 'bold', value: TRUE },
        { action: 7, object: TEXT, element: [1, 4], insert: true },
      ]),
  ],
  'a mark without end': [
    'a mark has a beginning or an end alone',
    (honest) =>
      eve(honest, [
        { action: 7, object: TEXT, element: [1, 9], insert: true, mark: 'bold', value: TRUE },
      ]),
  ],
  'ten thousand objects, each in the one before': [
    'it nests objects more than 64 deep',
    (honest) =>
      eve(
        honest,
        Array.from({ length: 10_000 }, (_, i) => ({
          action: 0,
          key: 'deeper',
          ...(i === 0 ? {} : { object: [0, 23 + i] as const }),
        })),
      ),
  ],
};
