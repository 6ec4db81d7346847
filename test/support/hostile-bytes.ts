// Changes that are wrong in their bytes, whatever the document. The recipes stay in tests.
import { LiveDocument, type BoundChange } from '../../lib/space/documents/live-document.ts';
import { concatBytes, utf8 } from '../../lib/wire/bytes.ts';
import { COL, envelope, putTogether, takeApart, type Parts } from './automerge-forge.ts';
import { signed, unsigned } from './column-codes.ts';
import { BEGIN, eve, EVE, LIST, SET, type Hostile, type Honest } from './hostile-author.ts';
import { wildKind } from './wild-document.ts';

function eveColumns(
  honest: Honest,
  edit: (columns: Parts['columns']) => Parts['columns'],
): BoundChange {
  const parts = takeApart(eve(honest, [SET]).bytes);
  return { actor: EVE, bytes: putTogether({ ...parts, columns: edit(parts.columns) }) };
}

function withColumn(honest: Honest, id: number, bytes: Uint8Array): BoundChange {
  return eveColumns(honest, (columns) =>
    [...columns.filter(([known]) => known !== id), [id, bytes] as [number, Uint8Array]].toSorted(
      ([one], [other]) => one - other,
    ),
  );
}

const MANY = 2 ** 27;

export const HOSTILE_BYTES: Hostile = {
  'a run of a hundred million operations': [
    'it has more than 32768 operations',
    (honest) => withColumn(honest, COL.action, concatBytes(signed(MANY), unsigned(1))),
  ],
  'a run of a hundred million nulls': [
    'a run of nulls has a wrong length',
    (honest) => withColumn(honest, COL.keyText, concatBytes(signed(0), unsigned(MANY))),
  ],
  'a run of a hundred million predecessors': [
    'it has more than 32768 predecessors',
    (honest) => withColumn(honest, COL.predCount, concatBytes(signed(-1), unsigned(MANY))),
  ],
  'a run of a hundred million booleans': [
    'a column is longer than the operations',
    (honest) => withColumn(honest, COL.insert, unsigned(MANY)),
  ],
  'many operations from few bytes': [
    'it has more operations than its bytes account for',
    (honest) =>
      eve(
        honest,
        Array.from({ length: 3000 }, () => ({
          action: 1,
          object: LIST,
          element: 'head',
          insert: true,
        })),
      ),
  ],
  'a compressed change': [
    'it is compressed, which changes in a log never are',
    () => ({ actor: EVE, bytes: envelope(2, new Uint8Array(40)) }),
  ],
  'a compressed column': [
    'it has a column of an unknown or compressed kind',
    (honest) =>
      eveColumns(honest, (columns) =>
        columns.map(([id, bytes]) => [id === COL.action ? id + 8 : id, bytes]),
      ),
  ],
  'a snapshot in place of a change': [
    'it is not a change',
    () => {
      const document = new LiveDocument(wildKind);
      const bytes = document.save();
      document.free();
      return { actor: EVE, bytes };
    },
  ],
  'two changes in one': [
    'its length is wrong',
    (honest) => ({
      actor: EVE,
      bytes: concatBytes(eve(honest, [SET]).bytes, eve(honest, [SET]).bytes),
    }),
  ],
  'a wrong checksum': [
    'its checksum is wrong',
    (honest) => {
      const { bytes } = eve(honest, [SET]);
      return { actor: EVE, bytes: bytes.with(5, (bytes[5] ?? 0) ^ 1) };
    },
  ],
  'a number in a long form': [
    'a number is not in its shortest form',
    (honest) => withColumn(honest, COL.action, Uint8Array.of(0x7f, 0x81, 0x00)),
  ],
  'a run of one': [
    'a run is not in its canonical form',
    (honest) => withColumn(honest, COL.action, concatBytes(signed(1), unsigned(1))),
  ],
  'equal values in two runs': [
    'a run is not in its canonical form',
    (honest) => {
      const { bytes } = eve(honest, [SET, { ...SET, key: 'worse' }]);
      const parts = takeApart(bytes);
      const split = concatBytes(signed(-1), unsigned(1), signed(-1), unsigned(1));
      parts.columns = parts.columns.map(([id, column]) => [id, id === COL.action ? split : column]);
      return { actor: EVE, bytes: putTogether(parts) };
    },
  ],
  'columns out of order': [
    'its columns are out of order',
    (honest) => eveColumns(honest, (columns) => columns.toReversed()),
  ],
  'a column twice': [
    'its columns are out of order',
    (honest) => eveColumns(honest, ([first, ...rest]) => (first ? [first, first, ...rest] : rest)),
  ],
  'a column of an unknown kind': [
    'it has a column of an unknown or compressed kind',
    (honest) => withColumn(honest, 0xb5, Uint8Array.of(0x7f, 1, 97)),
  ],
  'bytes after its columns': [
    'something stands after its columns',
    (honest) => eve(honest, [SET], { extra: Uint8Array.of(1) }),
  ],
  'a message': ['it carries a message', (honest) => eve(honest, [SET], { message: utf8('hello') })],
  'an actor that it does not use': [
    'it names an actor that it does not use',
    (honest) => eve(honest, [SET], { others: [BEGIN] }),
  ],
  'a text that is not UTF-8': [
    'a text is not valid UTF-8',
    (honest) => eve(honest, [{ ...SET, value: [6, Uint8Array.of(0xff, 0xfe)] }]),
  ],
  'a number that is not finite': [
    'a number is not finite',
    (honest) => eve(honest, [{ ...SET, value: [5, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf0, 0x7f)] }]),
  ],
  'a number past what is exact': [
    'a number is too large',
    (honest) => eve(honest, [{ ...SET, value: [4, signed(2 ** 53 - 1)] }]),
  ],
  'a number that is read as a BigInt': [
    'it has a value of a kind that documents here do not use',
    (honest) => eve(honest, [{ ...SET, value: [3, unsigned(5)] }]),
  ],
  'a value of an unknown type': [
    'it has a value of a kind that documents here do not use',
    (honest) => eve(honest, [{ ...SET, value: [12, Uint8Array.of(1)] }]),
  ],
  'a counter': [
    'it has a value of a kind that documents here do not use',
    (honest) => eve(honest, [{ ...SET, value: [8, signed(1)] }]),
  ],
  'a key that is not data in JavaScript': [
    'a key is reserved',
    (honest) => eve(honest, [{ ...SET, key: '__proto__' }]),
  ],
};
