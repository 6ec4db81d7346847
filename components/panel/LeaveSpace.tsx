// Removing a space from this browser, which asks once more and says what would be lost.
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
  const leave = async () => {
    if (await task.run(() => ask('leaveSpace', { spaceId: space.id }))) onDone();
  };
  const loss =
    space.unsent > 0 ? 'What is not sent yet is lost.' : 'To come back you need an invite link.';
  return (
    <div class="stack">
      <Confirm
        ask={`Remove “${space.name}” from this browser? Others keep theirs. ${loss}`}
        doIt="Remove this space here"
        keep="Keep it"
        busy={task.busy}
        onConfirm={() => void leave()}
      />
      <FailureNote failure={task.failure} />
    </div>
  );
}
