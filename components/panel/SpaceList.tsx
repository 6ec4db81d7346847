// The spaces of this person; a press opens one.
import { useState } from 'preact/hooks';
import { Check } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { FailureNote } from '../controls/FailureNote.tsx';
import { ShowMore } from '../controls/ShowMore.tsx';
import { useTask } from '../use-task.ts';

const STEP = 50;

export interface SpaceListProps {
  readonly spaces: readonly SpaceView[];
  readonly openId: string;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

export function SpaceList({ spaces, openId, ask, onDone }: SpaceListProps) {
  const [shown, setShown] = useState(STEP);
  const task = useTask();
  const open = async (spaceId: string) => {
    if (await task.run(() => ask('openSpace', { spaceId }))) onDone();
  };
  return (
    <div class="stack">
      <ul class="space-list" aria-label="Your spaces">
        {spaces.slice(0, shown).map((space) => (
          <li key={space.id}>
            <SpaceRow
              space={space}
              current={space.id === openId}
              onOpen={() => void open(space.id)}
            />
          </li>
        ))}
      </ul>
      <ShowMore left={spaces.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
      <FailureNote failure={task.failure} />
    </div>
  );
}

interface SpaceRowProps {
  readonly space: SpaceView;
  readonly current: boolean;
  readonly onOpen: () => void;
}

function SpaceRow({ space, current, onOpen }: SpaceRowProps) {
  return (
    <button type="button" aria-current={current} onClick={onOpen}>
      <span class="one-line" title={space.name}>
        <bdi>{space.name}</bdi>
      </span>
      <span class="quiet">{space.unsent > 0 ? `${space.unsent} not sent` : ''}</span>
      {current && <Check size={16} aria-hidden />}
    </button>
  );
}
