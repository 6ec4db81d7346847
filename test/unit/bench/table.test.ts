import { expect, test } from 'vitest';
import { median, tableOf } from '../../../bench/table.ts';

test('the median of an odd number of values is the middle one', () => {
  expect(median([30, 1, 2])).toBe(2);
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 30, 2])).toBe(3);
});

test('a table has a line for each figure, with columns of one width', () => {
  const table = tableOf([
    { name: 'click', unit: 'ms', values: [12.345, 10, 400] },
    { name: 'a longer name', unit: 'bytes', values: [2048] },
  ]);
  expect(table.split('\n')).toEqual([
    '| name          | median |  min |  max | unit  |  n |',
    '| ------------- | -----: | ---: | ---: | ----- | -: |',
    '| click         |   12.3 | 10.0 |  400 | ms    |  3 |',
    '| a longer name |   2048 | 2048 | 2048 | bytes |  1 |',
  ]);
});
