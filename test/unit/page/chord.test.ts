import { expect, it } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import { parseChord } from '../../../lib/page/act/chord.ts';

it.each([
  ['Enter', { key: 'Enter', keyCode: 13, types: null }],
  ['a', { key: 'a', code: 'KeyA', types: 'a' }],
  ['Shift+a', { key: 'A', shiftKey: true, types: 'A' }],
  ['Control+A', { key: 'A', ctrlKey: true, types: null }],
  ['ctrl+shift+ArrowDown', { key: 'ArrowDown', ctrlKey: true, shiftKey: true }],
  ['Space', { key: ' ', code: 'Space', types: ' ' }],
  ['esc', { key: 'Escape' }],
  ['+', { key: '+', types: '+' }],
  ['Control++', { key: '+', ctrlKey: true }],
  ['F5', { key: 'F5', types: null }],
  ['é', { key: 'é', types: 'é' }],
  ['🙂', { key: '🙂', types: '🙂' }],
])('%s is read', (text, chord) => {
  expect(unwrap(parseChord(text))).toMatchObject(chord);
});

it.each(['', 'Hyper+A', 'Entr', 'Control+', 'ab', 'a+b'])('%s is no key', (text) => {
  expect(parseChord(text)).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
});
