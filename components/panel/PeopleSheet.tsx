// Everyone in the space by name, where they were last seen and what they may do.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { agreementWords } from '../../lib/view/decision-words.ts';
import { ShowMore } from '../controls/ShowMore.tsx';
import { presentFirst } from './PeopleLine.tsx';
import { PersonRow } from './PersonRow.tsx';

const STEP = 50;

export interface PeopleSheetProps {
  readonly space: SpaceView;
  readonly now: number;
  readonly ask: PanelCall;
}

export function PeopleSheet({ space, now, ask }: PeopleSheetProps) {
  const [shown, setShown] = useState(STEP);
  const { id, people, mayManage } = space;
  const agreement = agreementWords(space.group);
  return (
    <div class="sheet">
      {agreement !== null && <p class="quiet">{agreement}</p>}
      <ul>
        {presentFirst(people)
          .slice(0, shown)
          .map((person) => (
            <PersonRow
              key={person.did}
              spaceId={id}
              person={person}
              mayManage={mayManage}
              stewards={space.group.stewards}
              now={now}
              ask={ask}
            />
          ))}
      </ul>
      <ShowMore left={people.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
    </div>
  );
}
