// What someone wrote after they were removed, which counts for nothing unless a steward takes it in.
import type { LateWorkView } from '../../lib/messaging/group-view.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { counted } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export function LateWork({ space, ask }: { readonly space: SpaceView; readonly ask: PanelCall }) {
  return space.group.lateWork.map((work) => (
    <LateWorkOf key={work.device} spaceId={space.id} work={work} ask={ask} />
  ));
}

interface LateWorkProps {
  readonly spaceId: string;
  readonly work: LateWorkView;
  readonly ask: PanelCall;
}

function LateWorkOf({ spaceId, work, ask }: LateWorkProps) {
  const task = useTask();
  const { device, name, count } = work;
  const answer = (take: boolean) => () =>
    void task.run(() => ask('answerLateWork', { spaceId, device, take }));
  return (
    <section class="asking" aria-labelledby={`late-${device}`}>
      <div role="status">
        <h2 id={`late-${device}`}>
          <bdi>{name}</bdi>’s device has written {counted(count, 'thing')} that came after the
          removal
        </h2>
        <p class="quiet">
          Nobody sees that here yet. It may be work from before {name} knew of it.
        </p>
      </div>
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button busy={task.busy} onPress={answer(true)}>
          Take it in
        </Button>
        <Button busy={task.busy} onPress={answer(false)}>
          Leave it out
        </Button>
      </div>
    </section>
  );
}
