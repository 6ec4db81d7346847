// How many people must approve a version of a text before it is the agreed one. For who manages the space.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

/** Who asks is one of them. */
const CHOICES = [1, 2, 3, 4, 5];

export interface ApprovalsFieldProps {
  readonly space: SpaceView;
  readonly ask: PanelCall;
}

export function ApprovalsField({ space, ask }: ApprovalsFieldProps) {
  const task = useTask();
  const set = (count: number) =>
    void task.run(() => ask('setApprovals', { spaceId: space.id, approvals: count }));
  const { approvals } = space.group;
  const choices = [...new Set([...CHOICES, approvals])].toSorted((a, b) => a - b);
  return (
    <div class="stack">
      <label class="quiet">
        People who must approve an agreed version{' '}
        <select
          disabled={task.busy}
          value={approvals}
          onChange={(event) => set(Number(event.currentTarget.value))}
        >
          {choices.map((count) => (
            <option key={count} value={count}>
              {count}
            </option>
          ))}
        </select>
      </label>
      <FailureNote failure={task.failure} />
    </div>
  );
}
