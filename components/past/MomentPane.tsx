// A space as it was: its name, who was in it, and the notes on each page.
import type { MomentView, PastNote, PastPage } from '../../lib/messaging/past.ts';
import { counted } from '../../lib/view/words.ts';
import { When } from '../controls/When.tsx';
import { HandMark, HandName } from '../marks/HandMark.tsx';
import { hueStyle } from '../marks/hue.ts';
import { PersonMark } from '../marks/PersonMark.tsx';

const ROLES: Readonly<Record<string, string>> = {
  steward: 'decided who is in',
  editor: 'read and wrote',
  commenter: 'read and annotated',
  reader: 'read only',
};

export interface MomentPaneProps {
  readonly moment: MomentView | null;
  readonly now: number;
}

export function MomentPane({ moment, now }: MomentPaneProps) {
  if (moment === null) return <p class="quiet">Reading…</p>;
  return (
    <div class="stack" aria-live="polite">
      <p class="moment-name" dir="auto">
        {moment.name === '' ? 'It had no name yet.' : moment.name}
      </p>
      <ul>
        {moment.people.map(({ name, hue, role }) => (
          <li key={name} class="person-row">
            <PersonMark name={name} hue={hue} />
            <span>
              <bdi>{name}</bdi> <span class="quiet">{ROLES[role] ?? ''}</span>
            </span>
          </li>
        ))}
      </ul>
      {moment.pages.length === 0 && <p class="quiet">Nothing was marked on any page yet.</p>}
      {moment.pages.map((page) => (
        <PageThen key={page.url} page={page} now={now} />
      ))}
      {moment.left > 0 && <p class="quiet">And {counted(moment.left, 'more note')}.</p>}
    </div>
  );
}

function PageThen({ page, now }: { readonly page: PastPage; readonly now: number }) {
  return (
    <section>
      <h3>
        <a href={page.url} target="_blank" rel="noreferrer" dir="auto">
          {page.title}
        </a>
      </h3>
      {page.notes.map((note) => (
        <NoteThen key={note.id} note={note} now={now} />
      ))}
    </section>
  );
}

function NoteThen({ note, now }: { readonly note: PastNote; readonly now: number }) {
  const look = `quote serif${note.by.kind === 'agent' ? ' by-agent' : ''}`;
  return (
    <article class="annotation" style={hueStyle(note.by.hue)}>
      <blockquote class={look} dir="auto">
        <span>{note.quote}</span>
      </blockquote>
      {note.note !== '' && (
        <p class="note serif" dir="auto">
          {note.note}
        </p>
      )}
      <div class="byline">
        <HandMark hand={note.by} />
        <span class="words">
          <HandName hand={note.by} />
          <When at={note.createdAt} now={now} />
        </span>
      </div>
    </article>
  );
}
