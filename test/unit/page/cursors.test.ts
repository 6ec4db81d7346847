import { expect, it } from 'vitest';
import { createCursors } from '../../../lib/page/cursors.ts';

it('keeps what it was given until newer ones push it out', () => {
  const cursors = createCursors<number>('s', 2);
  const [first, second, third] = [cursors.put(1), cursors.put(2), cursors.put(3)];
  expect([first, second, third]).toEqual(['s1', 's2', 's3']);
  expect(cursors.get('s1')).toBeNull();
  expect(cursors.get('s3')).toBe(3);
});

it('gives a reserved name nothing until it is kept', () => {
  const cursors = createCursors<number>('s', 2);
  const name = cursors.reserve();
  expect(cursors.get(name)).toBeNull();
  cursors.keep(name, 7);
  expect(cursors.get(name)).toBe(7);
});
