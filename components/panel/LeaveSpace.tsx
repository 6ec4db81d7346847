// Two ways out of a space: telling everyone and leaving for good, or only taking it off this browser. Each asks once more
// and says what would come of it.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export interface LeaveSpaceProps {
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

export function LeaveSpace({ space, ask, onDone }: LeaveSpaceProps) {
  const task = useTask();
  const leave = async (anyway: boolean) => {
    if (await task.run(() => ask('leaveGroup', { spaceId: space.id, anyway }))) onDone();
  };
  const forget = async () => {
    if (await task.run(() => ask('leaveSpace', { spaceId: space.id }))) onDone();
  };
  const way = leavingOf(space);
  return (
    <div class="stack">
      {way !== 'nobody_to_tell' && (
        <Confirm
          ask={way === 'last_steward' ? lastStewardWords(space) : leavingWords(space)}
          doIt={way === 'last_steward' ? 'Leave anyway' : 'Leave the space'}
          open="Leave the space"
          keep="Stay"
          busy={task.busy}
          onConfirm={() => void leave(way === 'last_steward')}
        />
      )}
      <Confirm
        ask={forgettingWords(space)}
        doIt="Remove it from this browser only"
        keep="Keep it"
        busy={task.busy}
        onConfirm={() => void forget()}
      />
      <FailureNote failure={task.failure} />
    </div>
  );
}

type Leaving = 'nobody_to_tell' | 'last_steward' | 'told';

/** Who is not in the space, or is there alone, has nobody to tell. */
function leavingOf({ archive, people, mayManage }: SpaceView): Leaving {
  const present = people.filter(({ role }) => role !== null);
  const others = present.filter(({ me }) => !me);
  if (archive !== null || others.length === 0 || others.length === present.length)
    return 'nobody_to_tell';
  const isLast = mayManage && others.every(({ role }) => role !== 'steward');
  return isLast ? 'last_steward' : 'told';
}

const NO_WAY_BACK =
  'None of your browsers that are in it can come back: for that you need a new invite and another browser.';

function leavingWords({ name }: SpaceView): string {
  return `Leave “${name}” on all of your devices? Everyone is told, and a steward’s browser takes you off the list of people. Your work stays. ${NO_WAY_BACK}`;
}

function lastStewardWords({ name }: SpaceView): string {
  return `You are the only steward of “${name}”. Without you nobody can be let in or taken out any more, and you stay on the list of people. Make someone else a steward first, or leave anyway: the others can go on writing, and there is no way back for you.`;
}

function forgettingWords({ name, unsent, archive }: SpaceView): string {
  const told = archive === null ? 'Nobody is told. ' : '';
  const loss =
    unsent > 0 ? 'What is not sent yet is lost.' : 'To come back you need an invite link.';
  return `Remove “${name}” from this browser? ${told}Others keep theirs. ${loss}`;
}
