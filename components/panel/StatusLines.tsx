// What is not as it should be, said quietly under the head: not connected, not sent, waiting, broken.
import type { Failure } from '../../lib/wire/failure.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import { unsentInAll } from '../../lib/view/readings.ts';
import { originLine, sendingLine } from '../../lib/view/words.ts';
import { FailureNote } from '../controls/FailureNote.tsx';

export interface StatusLinesProps {
  readonly state: PanelState;
  readonly space: SpaceView | null;
  readonly reachable: boolean;
  readonly failure: Failure | null;
}

export function StatusLines({ state, space, reachable, failure }: StatusLinesProps) {
  const sending = state.spaces.length > 0 ? sendingLine(state.relay, unsentInAll(state)) : null;
  const lines = [
    reachable ? null : 'Reconnecting…',
    reachable ? sending : null,
    space?.waitingFor ?? null,
    ...(space?.group.complaints ?? []),
  ].filter((line) => line !== null);
  const origin = space === null ? null : originLine(space);
  const removed = state.devices?.isRemoved === true ? THIS_BROWSER_REMOVED : null;
  const problem = failure ?? state.storageProblem ?? removed ?? space?.problem ?? null;
  return (
    <>
      <div role="status">
        {lines.map((line) => (
          <p key={line} class="status-line" title={state.relay.lastError ?? undefined}>
            {line}
          </p>
        ))}
      </div>
      {origin !== null && (
        <p class="status-line" dir="auto">
          {origin}
        </p>
      )}
      {problem && (
        <div class="section">
          <FailureNote failure={problem} />
        </div>
      )}
    </>
  );
}

const THIS_BROWSER_REMOVED: Failure = {
  code: 'permission_denied',
  message: 'This browser was removed from your devices.',
  remedy:
    'What it has stays readable here; nothing new comes and nothing can be added. If it was not you who removed it, look at the options of your other devices.',
};
