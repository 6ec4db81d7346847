// The head of the panel: which space this is, who is in it, and the ways to other spaces and other people.
import { useState } from 'preact/hooks';
import { ChevronDown, ChevronUp, UserPlus } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { InviteSheet } from './InviteSheet.tsx';
import { PeopleLine } from './PeopleLine.tsx';
import { PeopleSheet } from './PeopleSheet.tsx';
import { SpaceSheet } from './SpaceSheet.tsx';

export interface SpaceHeaderProps {
  readonly state: PanelState;
  readonly space: SpaceView;
  readonly now: number;
  readonly ask: PanelCall;
}

type Sheet = 'spaces' | 'people' | 'invite';

export function SpaceHeader({ state, space, now, ask }: SpaceHeaderProps) {
  const [open, setOpen] = useState<Sheet | null>(null);
  const toggle = (sheet: Sheet) => () => setOpen(open === sheet ? null : sheet);
  const close = () => setOpen(null);
  /** Nobody is listed yet while one waits to be let in. */
  const isIn = space.people.length > 0;
  /** An archive has nobody to let in. */
  const mayInvite = isIn && space.archive === null;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  };
  return (
    <header class="panel-head" onKeyDown={closeOnEscape}>
      <div class="head-row">
        <SpaceButton name={space.name} open={open === 'spaces'} onPress={toggle('spaces')} />
        {mayInvite && (
          <Button onPress={toggle('invite')} expanded={open === 'invite'}>
            <UserPlus size={16} aria-hidden />
            Invite
          </Button>
        )}
      </div>
      {isIn && (
        <PeopleLine
          people={space.people}
          now={now}
          open={open === 'people'}
          onToggle={toggle('people')}
        />
      )}
      {open === 'spaces' && <SpaceSheet state={state} space={space} ask={ask} onDone={close} />}
      {open === 'people' && <PeopleSheet space={space} now={now} ask={ask} />}
      {open === 'invite' && <InviteSheet key={space.id} space={space} ask={ask} copyAtOnce />}
    </header>
  );
}

interface SpaceButtonProps {
  readonly name: string;
  readonly open: boolean;
  readonly onPress: () => void;
}

function SpaceButton({ name, open, onPress }: SpaceButtonProps) {
  const Chevron = open ? ChevronUp : ChevronDown;
  return (
    <h1 class="space-heading one-line">
      <button type="button" class="space-button" aria-expanded={open} onClick={onPress}>
        <span class="one-line" title={name}>
          <span class="for-readers">Space: </span>
          <bdi>{name}</bdi>
        </span>
        <Chevron size={16} aria-hidden />
      </button>
    </h1>
  );
}
