// What a browser does of itself when a key goes down: types, submits, moves the focus, steps a value.
import {
  isButton,
  isDialog,
  isEditable,
  isHtml,
  isInput,
  isLink,
  isSelect,
  isTextArea,
  isTypedInput,
} from '../dom/kinds.ts';
import { execCommand, ownerDocumentOf, selectAllIn } from '../dom/native.ts';
import type { Run } from '../run.ts';
import type { Chord } from './chord.ts';
import { clickElement } from './pointer.ts';
import { moveFocusByTab } from './tab-order.ts';
import { selectAllOf, typeInto } from './typing.ts';
import { stepChoice } from './arrows.ts';
import { submitFrom } from './submit.ts';

export interface KeyDone {
  /** Something is known to have changed. */
  readonly isKnown: boolean;
  readonly note?: string;
}

const NOTHING: KeyDone = { isKnown: false };
const KNOWN: KeyDone = { isKnown: true };

export function doDefault(element: Element, chord: Chord, run: Run): KeyDone {
  const { key, ctrlKey, metaKey, altKey } = chord;
  if (ctrlKey || metaKey || altKey) return shortcut(element, chord);
  switch (key) {
    case 'Tab':
      return moveFocusByTab(run.page.tree, chord.shiftKey) ? KNOWN : NOTHING;
    case 'Enter':
      return enter(element, chord);
    case ' ':
      return space(element, chord);
    case 'Escape':
      return escape(run);
    case 'Backspace':
    case 'Delete':
      return typeInto(element, key) ? KNOWN : NOTHING;
    default:
      return chord.types === null ? move(element, chord) : asKnown(typeInto(element, chord.types));
  }
}

function asKnown(did: boolean): KeyDone {
  return did ? KNOWN : NOTHING;
}

function enter(element: Element, chord: Chord): KeyDone {
  if (isTextArea(element)) return asKnown(typeInto(element, '\n'));
  if (isEditable(element)) return asKnown(newParagraph(element, chord.shiftKey));
  if (isInput(element) && /^(button|submit|reset|image|color|file)$/u.test(element.type)) {
    return activate(element);
  }
  if (isInput(element)) {
    submitFrom(element);
    return NOTHING;
  }
  return isButton(element) || isLink(element) || element.localName === 'summary'
    ? activate(element)
    : NOTHING;
}

function newParagraph(element: HTMLElement, isSoft: boolean): boolean {
  const home = ownerDocumentOf(element);
  const command = isSoft ? 'insertLineBreak' : 'insertParagraph';
  return home !== null && execCommand(home, command, false, '');
}

function space(element: Element, chord: Chord): KeyDone {
  if (isTypedInput(element) || isTextArea(element) || isEditable(element)) {
    return asKnown(typeInto(element, chord.types ?? ' '));
  }
  const takesSpace = isButton(element) || isInput(element) || element.localName === 'summary';
  return takesSpace ? activate(element) : NOTHING;
}

function activate(element: Element): KeyDone {
  clickElement(element);
  return isInput(element) ? KNOWN : NOTHING;
}

/** Closes the topmost modal dialog or popover, as the browser would. */
function escape(run: Run): KeyDone {
  const { top } = run.page.tree;
  const open = [...selectAllIn(top, 'dialog[open], [popover]:popover-open')].at(-1);
  if (open === undefined) return NOTHING;
  if (isDialog(open)) {
    if (!open.matches(':modal')) return NOTHING;
    const goes = open.dispatchEvent(new Event('cancel', { cancelable: true }));
    if (goes) open.close();
    return KNOWN;
  }
  if (isHtml(open)) open.hidePopover();
  return KNOWN;
}

function move(element: Element, chord: Chord): KeyDone {
  if (stepChoice(element, chord.key)) return KNOWN;
  if (/^(Arrow|Home|End|Page)/u.test(chord.key) && !isSelect(element)) {
    return {
      isKnown: false,
      note: `The page was told of ${chord.key}; a script cannot move the caret or scroll as the key itself would.`,
    };
  }
  if (/^F\d/u.test(chord.key)) {
    return {
      isKnown: false,
      note: `The page was told of ${chord.key}; what the browser itself does with it cannot be had.`,
    };
  }
  return NOTHING;
}

function shortcut(element: Element, chord: Chord): KeyDone {
  const isCommand = (chord.ctrlKey || chord.metaKey) && !chord.altKey;
  if (isCommand && chord.key.toLowerCase() === 'a') {
    return selectAllOf(element) ? KNOWN : NOTHING;
  }
  return {
    isKnown: false,
    note: 'The page was told of the chord; what the browser itself does with it (copy, paste, new tab) cannot be had.',
  };
}
