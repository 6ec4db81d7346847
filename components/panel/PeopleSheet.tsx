// Everyone in the space by name, and where they were last seen.
import { useState } from 'preact/hooks';
import type { PersonView } from '../../lib/messaging/panel-state.ts';
import { exactTime, whereabouts } from '../../lib/view/words.ts';
import { ShowMore } from '../controls/ShowMore.tsx';
import { PersonMark } from '../marks/PersonMark.tsx';
import { presentFirst } from './PeopleLine.tsx';

const STEP = 50;

export interface PeopleSheetProps {
  readonly people: readonly PersonView[];
  readonly now: number;
}

export function PeopleSheet({ people, now }: PeopleSheetProps) {
  const [shown, setShown] = useState(STEP);
  return (
    <div class="sheet">
      <ul>
        {presentFirst(people)
          .slice(0, shown)
          .map((person) => (
            <li key={person.did} class="person-row">
              <PersonMark
                name={person.name}
                hue={person.hue}
                away={!person.me && !person.present}
              />
              <div>
                <bdi>{person.name}</bdi>{' '}
                <span
                  class="quiet"
                  title={person.lastSeenAt === null ? undefined : exactTime(person.lastSeenAt)}
                >
                  {whereabouts(person, now)}
                </span>
              </div>
            </li>
          ))}
      </ul>
      <ShowMore left={people.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
    </div>
  );
}
