// Who is in the space, at a glance: a mark each, filled for those here now, and the count in words.
import type { PersonView } from '../../lib/messaging/panel-state.ts';
import { counted, whereabouts } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { PersonMark } from '../marks/PersonMark.tsx';

const MARKS_SHOWN = 5;

export interface PeopleLineProps {
  readonly people: readonly PersonView[];
  readonly now: number;
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function PeopleLine({ people, now, open, onToggle }: PeopleLineProps) {
  const others = people.filter((person) => !person.me);
  const here = others.filter((person) => person.present).length;
  return (
    <div class="people">
      <ul aria-label="People in this space">
        {presentFirst(people)
          .slice(0, MARKS_SHOWN)
          .map((person) => (
            <li key={person.did} title={`${person.name}, ${whereabouts(person, now)}`}>
              <PersonMark
                name={person.name}
                hue={person.hue}
                away={!person.me && !person.present}
              />
              <span class="for-readers">
                {person.name}, {whereabouts(person, now)}
              </span>
            </li>
          ))}
      </ul>
      <Button look="plain" onPress={onToggle} expanded={open}>
        {others.length === 0
          ? 'Only you so far'
          : `${counted(people.length, 'person', 'people')}, ${here === 0 ? 'nobody else here' : `${here} here with you`}`}
      </Button>
    </div>
  );
}

export function presentFirst(people: readonly PersonView[]): readonly PersonView[] {
  return people.toSorted((a, b) => rank(a) - rank(b));
}

function rank(person: PersonView): number {
  if (person.me) return 0;
  return person.present ? 1 : 2;
}
