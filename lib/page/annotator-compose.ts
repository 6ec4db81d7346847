// The card in which a new annotation is written: the passage, the note, where it goes.
import type { PageAnnotations } from '../wire/annotator.ts';
import { MAX_NOTE_CHARS } from '../wire/annotator.ts';
import type { Failure } from '../wire/failure.ts';
import { button, el } from './annotator-element.ts';

export interface ComposeCard {
  readonly element: HTMLElement;
  focus(): void;
  key(event: KeyboardEvent): void;
  input(): void;
  isDirty(): boolean;
  /** Keeps what was written and says what went wrong. */
  readonly fail: (failure: Failure) => void;
}

export interface Composing {
  readonly quote: string;
  readonly page: Pick<PageAnnotations, 'spaces' | 'activeSpaceId'>;
  readonly save: (note: string, spaceId: string) => void;
  readonly cancel: () => void;
}

export function createComposeCard({ quote, page, save, cancel }: Composing): ComposeCard {
  const text = noteField('', 'Add a note');
  const problem = el('p', { class: 'problem', role: 'alert' });
  problem.hidden = true;
  const where = spaceChooser(page);
  const press = (): void => {
    const note = text.value.trim();
    if (note === '' || submit.disabled) return;
    setSaving(true);
    save(note, where.spaceId());
  };
  const submit = button('primary', 'Save', press, 'Save (Ctrl+Enter)');
  const setSaving = (saving: boolean): void => {
    submit.disabled = saving || text.value.trim() === '';
    submit.textContent = saving ? 'Saving' : 'Save';
    text.readOnly = saving;
  };
  setSaving(false);
  const foot = el('div', { class: 'row' }, where.element, el('span', { class: 'end' }));
  foot.append(button('plain', 'Cancel', cancel, 'Cancel (Esc)'), submit);
  const element = el(
    'div',
    { class: 'float card', role: 'dialog', label: 'New annotation' },
    el('blockquote', { class: 'quote', dir: 'auto' }, quote),
    text,
    problem,
    foot,
  );
  return {
    element,
    focus: () => text.focus({ preventScroll: true }),
    isDirty: () => text.value.trim() !== '',
    input: () => setSaving(false),
    key: (event) => {
      if (isSaveKey(event)) press();
      else if (event.key === 'Escape' && !event.isComposing) cancel();
    },
    fail: (failure) => {
      setSaving(false);
      problem.textContent = `${failure.message} ${failure.remedy}`;
      problem.hidden = false;
      text.focus({ preventScroll: true });
    },
  };
}

/** Ctrl+Enter, or Command+Enter on a Mac. */
export function isSaveKey(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing;
}

export function noteField(value: string, placeholder: string): HTMLTextAreaElement {
  const field = el('textarea', { dir: 'auto', label: 'Note' });
  field.value = value;
  field.placeholder = placeholder;
  field.maxLength = MAX_NOTE_CHARS;
  return field;
}

/** A choice only where there is one; otherwise the space is named. */
function spaceChooser({ spaces, activeSpaceId }: Composing['page']) {
  const first = spaces.find(({ id }) => id === activeSpaceId) ?? spaces[0];
  if (spaces.length < 2) {
    const label = el('span', { title: `Kept in ${first?.name ?? ''}` }, first?.name ?? '');
    return { element: el('div', { class: 'where' }, label), spaceId: () => first?.id ?? '' };
  }
  const select = el('select', { label: 'Space' });
  for (const { id, name } of spaces) select.append(new Option(name, id, false, id === first?.id));
  return { element: el('div', { class: 'where' }, select), spaceId: () => select.value };
}

/** What stands in the card's place while there is nowhere to keep an annotation. */
export function createNoSpaceCard(openPanel: () => void, cancel: () => void): HTMLElement {
  const open = button('primary', 'Open Commonplace', openPanel);
  const row = el('div', { class: 'row' }, el('span', { class: 'end' }));
  row.append(button('plain', 'Cancel', cancel), open);
  return el(
    'div',
    { class: 'float card', role: 'dialog', label: 'New annotation' },
    el('div', {}, 'Annotations are kept in a space, and you have none yet.'),
    row,
  );
}
