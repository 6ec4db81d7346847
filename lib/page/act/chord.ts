// Keys as they are written ("Enter", "Control+Shift+A") read into what a keyboard event says of them.
import { fail, ok, type Result } from '../../wire/failure.ts';
import { quote } from '../quote.ts';

export interface Chord {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** The character that it types, or null for keys that type none. */
  readonly types: string | null;
}

type Modifier = 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey';

const MODIFIERS: Readonly<Record<string, Modifier>> = {
  control: 'ctrlKey',
  ctrl: 'ctrlKey',
  controlormeta: 'ctrlKey',
  shift: 'shiftKey',
  alt: 'altKey',
  option: 'altKey',
  meta: 'metaKey',
  cmd: 'metaKey',
  command: 'metaKey',
};

/** Named keys and their old numeric codes, which some pages still read. */
const NAMED: Readonly<Record<string, number>> = {
  Enter: 13,
  Tab: 9,
  Escape: 27,
  Backspace: 8,
  Delete: 46,
  Insert: 45,
  ArrowUp: 38,
  ArrowDown: 40,
  ArrowLeft: 37,
  ArrowRight: 39,
  Home: 36,
  End: 35,
  PageUp: 33,
  PageDown: 34,
  ContextMenu: 93,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`F${i + 1}`, 112 + i])),
};

const ALIASES: Readonly<Record<string, string>> = {
  esc: 'Escape',
  return: 'Enter',
  del: 'Delete',
  space: ' ',
  spacebar: ' ',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  plus: '+',
};

const BY_LOWER_CASE = new Map(Object.keys(NAMED).map((name) => [name.toLowerCase(), name]));

export function parseChord(text: string): Result<Chord> {
  const parts = splitChord(text);
  const last = parts.pop() ?? '';
  const held = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
  for (const part of parts) {
    const modifier = MODIFIERS[part.trim().toLowerCase()];
    if (modifier === undefined) return refuse(text);
    held[modifier] = true;
  }
  const key = keyCalled(last);
  return key === null ? refuse(text) : ok(chordOf(key, held));
}

/** "Control++" is Control and "+": a plus at the end is a key, not a joint. */
function splitChord(text: string): string[] {
  if (text === '+') return ['+'];
  return text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
}

function keyCalled(text: string): string | null {
  if (/^.$/su.test(text)) return text;
  const name = text.trim().toLowerCase();
  return BY_LOWER_CASE.get(name) ?? ALIASES[name] ?? null;
}

function chordOf(key: string, held: Record<Modifier, boolean>): Chord {
  const named = NAMED[key];
  if (named !== undefined) return { key, code: key, keyCode: named, ...held, types: null };
  const shown = held.shiftKey && key.length === 1 ? key.toUpperCase() : key;
  const plain = !held.ctrlKey && !held.altKey && !held.metaKey;
  return {
    key: shown,
    code: codeOf(key),
    keyCode: key.toUpperCase().codePointAt(0) ?? 0,
    ...held,
    types: plain ? shown : null,
  };
}

function codeOf(key: string): string {
  if (/^[a-z]$/iu.test(key)) return `Key${key.toUpperCase()}`;
  if (/^\d$/u.test(key)) return `Digit${key}`;
  return key === ' ' ? 'Space' : '';
}

function refuse(text: string): Result<never> {
  return fail(
    'bad_arguments',
    `There is no key ${quote(text)}.`,
    'Use one character, a key such as Enter, Tab, Escape, ArrowDown or F2, or a chord such as Control+A; to enter text use fill.',
  );
}
