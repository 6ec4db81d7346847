// People who have an invite and wait to be let in. The code tells that nobody stands between.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { JoinRequestView, SpaceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export function JoinRequests({
  space,
  ask,
}: {
  readonly space: SpaceView;
  readonly ask: PanelCall;
}) {
  return space.requests.map((request) => (
    <JoinRequest key={request.id} spaceId={space.id} request={request} ask={ask} />
  ));
}

interface JoinRequestProps {
  readonly spaceId: string;
  readonly request: JoinRequestView;
  readonly ask: PanelCall;
}

function JoinRequest({ spaceId, request, ask }: JoinRequestProps) {
  const task = useTask();
  const { id, name, code } = request;
  const answer = (allow: boolean) => () =>
    void task.run(() => ask('decideRequest', { spaceId, requestId: id, allow }));
  return (
    <section class="asking" aria-labelledby={`joining-${id}`}>
      <div role="status">
        <h2 id={`joining-${id}`}>
          <bdi>{name}</bdi> asks to join
        </h2>
        <p class="quiet">
          They see the code <span class="mono">{code}</span>. If theirs is another, somebody else is
          asking in their name.
        </p>
      </div>
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button busy={task.busy} onPress={answer(true)}>
          Let in
        </Button>
        <Button busy={task.busy} onPress={answer(false)}>
          Not now
        </Button>
      </div>
    </section>
  );
}
