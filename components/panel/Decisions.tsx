// Changes of the group that wait for stewards: what is proposed, who has confirmed, whom it waits for, and this person's
// word on it.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { DecisionView } from '../../lib/messaging/group-view.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { confirmedWords, declinedWords, waitingWords } from '../../lib/view/decision-words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export function Decisions({ space, ask }: { readonly space: SpaceView; readonly ask: PanelCall }) {
  return space.group.decisions.map((decision) => (
    <Decision key={decision.id} space={space} decision={decision} ask={ask} />
  ));
}

interface DecisionProps {
  readonly space: SpaceView;
  readonly decision: DecisionView;
  readonly ask: PanelCall;
}

function Decision({ space, decision, ask }: DecisionProps) {
  const { id, by, what, mine, answer } = decision;
  const lines = [waitingWords(decision), confirmedWords(decision), declinedWords(decision)];
  const isAsked = space.mayManage && answer === null;
  return (
    <section class={isAsked ? 'asking' : 'section stack'} aria-labelledby={`decision-${id}`}>
      <div role="status">
        <h2 id={`decision-${id}`} class="decision-head">
          <bdi>{mine ? 'You' : by}</bdi> {mine ? 'propose' : 'proposes'} to {what}
        </h2>
        {lines
          .filter((line) => line !== null)
          .map((line) => (
            <p key={line} class="quiet">
              {line}
            </p>
          ))}
      </div>
      {space.mayManage && <Answer space={space} decision={decision} ask={ask} />}
    </section>
  );
}

function Answer({ space, decision, ask }: DecisionProps) {
  const task = useTask();
  const { id: decisionId, mine, answer } = decision;
  const about = { spaceId: space.id, decisionId };
  const say = (confirm: boolean) => () =>
    void task.run(() => ask('answerDecision', { ...about, confirm }));
  return (
    <>
      <FailureNote failure={task.failure} />
      <div class="buttons">
        {answer !== 'yes' && (
          <Button busy={task.busy} onPress={say(true)}>
            Confirm
          </Button>
        )}
        {answer === null && (
          <Button busy={task.busy} onPress={say(false)}>
            Not now
          </Button>
        )}
        {mine && (
          <Button
            look="plain"
            busy={task.busy}
            onPress={() => void task.run(() => ask('withdrawDecision', about))}
          >
            Cancel this
          </Button>
        )}
      </div>
    </>
  );
}
