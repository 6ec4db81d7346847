// The card that shows what was written about a passage: one note under another, by whom and when. Notes are text,
// never markup. A person's own can be edited and removed.
import type { PageAnnotation } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import { isSaveKey, noteField } from './annotator-compose.ts';
import { AGENT_SHAPE, PERSON_SHAPE, button, el, icon } from './annotator-element.ts';
import type { Mark } from './annotator-marks.ts';
import { exactTime, relativeTime } from './annotator-time.ts';
import { hueColour } from './palette.ts';

export interface NotesCard {
  readonly element: HTMLElement;
  key(event: KeyboardEvent): void;
  isDirty(): boolean;
}

export interface Reading {
  /** At least one, all about the same passage. */
  readonly marks: readonly Mark[];
  readonly nowMs: number;
  edit(annotation: PageAnnotation, note: string): Promise<Result<null>>;
  remove(annotation: PageAnnotation): Promise<Result<null>>;
  readonly close: () => void;
  /** The card's size changed. */
  readonly resized: () => void;
}

export function createNotesCard(reading: Reading): NotesCard {
  const notes = reading.marks.map((mark) => createNote(mark, reading));
  const element = el('div', { class: 'float card', role: 'dialog', label: 'Notes' });
  element.tabIndex = -1;
  const quote = reading.marks[0]?.annotation.target.quote.exact ?? '';
  element.append(el('blockquote', { class: 'quote', dir: 'auto' }, quote));
  element.append(...notes.map((note) => note.element));
  const hue = reading.marks[0]?.annotation.by.hue;
  if (hue !== undefined) element.style.setProperty('--hue', bothTones(hue));
  return {
    element,
    isDirty: () => notes.some((note) => note.editing() !== null),
    key: (event) => {
      const editing = notes.find((note) => note.editing() !== null)?.editing() ?? null;
      if (isSaveKey(event)) editing?.save();
      if (event.key !== 'Escape' || event.isComposing) return;
      if (editing === null) reading.close();
      else editing.cancel();
    },
  };
}

interface Editing {
  save(): void;
  cancel(): void;
}

function createNote(mark: Mark, reading: Reading) {
  const { annotation } = mark;
  const element = el('section', {
    class: annotation.tentative === true ? 'note tentative' : 'note',
  });
  element.style.setProperty('--hue', bothTones(annotation.by.hue));
  const problem = el('p', { class: 'problem', role: 'alert' });
  let editing: Editing | null = null;
  const show = (...parts: readonly (HTMLElement | null)[]): void => {
    problem.textContent = '';
    element.replaceChildren(byline(annotation, reading.nowMs));
    const all = [behalf(annotation), ...parts, problem];
    element.append(...all.filter((part) => part !== null));
    reading.resized();
  };
  const attempt = async (work: Promise<Result<null>>, done: () => void): Promise<void> => {
    const reply = await work;
    if (reply.ok) return done();
    problem.textContent = `${reply.failure.message} ${reply.failure.remedy}`;
    reading.resized();
  };
  const view = (): void => {
    editing = null;
    show(text(annotation.note), movedLine(mark), foot(annotation, edit, ask));
  };
  const edit = (): void => {
    const field = noteField(annotation.note, 'Note');
    const save = (): void => {
      const note = field.value.trim();
      if (note !== '') void attempt(reading.edit(annotation, note), view);
    };
    editing = { save, cancel: view };
    show(field, row(button('plain', 'Cancel', view), button('primary', 'Save', save)));
    field.focus({ preventScroll: true });
  };
  const ask = (): void => {
    const remove = (): void => void attempt(reading.remove(annotation), reading.close);
    const words = el('div', {}, 'Remove this note for everyone in the space?');
    show(
      text(annotation.note),
      words,
      row(button('plain', 'Keep', view), button('danger', 'Remove', remove)),
    );
  };
  view();
  return { element, editing: () => editing };
}

function byline({ by, createdAt }: PageAnnotation, nowMs: number): HTMLElement {
  const shape = by.kind === 'agent' ? AGENT_SHAPE : PERSON_SHAPE;
  const mark = el('span', { role: 'img', label: by.kind }, icon(shape, 'mark'));
  const time = el(
    'time',
    { class: 'time', title: exactTime(createdAt) },
    relativeTime(createdAt, nowMs),
  );
  time.dateTime = new Date(createdAt).toISOString();
  return el(
    'div',
    { class: 'by' },
    mark,
    el('span', { class: 'name', title: by.name }, by.name),
    time,
  );
}

function behalf({ by }: PageAnnotation): HTMLElement | null {
  if (by.onBehalfOf === undefined) return null;
  return el('div', { class: 'behalf' }, `on behalf of ${by.onBehalfOf}`);
}

function text(note: string): HTMLElement | null {
  return note === '' ? null : el('p', { class: 'text', dir: 'auto' }, note);
}

function movedLine({ state, annotation }: Mark): HTMLElement | null {
  if (state !== 'uncertain') return null;
  const words = `The words were: “${annotation.target.quote.exact}”`;
  return el('span', { class: 'moved', title: words }, 'moved?');
}

function foot(annotation: PageAnnotation, edit: () => void, remove: () => void): HTMLElement {
  const where = annotation.tentative === true ? 'Only here so far' : annotation.spaceName;
  const line = el('div', { class: 'foot' }, el('span', { title: where }, where));
  const own = annotation.mine && !annotation.id.startsWith('local-');
  if (own) line.append(button('plain', 'Edit', edit), button('plain', 'Remove', remove));
  return line;
}

function row(...buttons: readonly HTMLButtonElement[]): HTMLElement {
  return el('div', { class: 'row' }, el('span', { class: 'end' }), ...buttons);
}

function bothTones(hue: number): string {
  return `light-dark(${hueColour(hue, 'light')}, ${hueColour(hue, 'dark')})`;
}
