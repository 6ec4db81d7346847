// What can be done with a copy: bring it into the text, follow the text, share it, ask that it be agreed.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { CopyView, TextArgsPlace } from '../../lib/messaging/text-calls.ts';
import { counted } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask, type Task } from '../use-task.ts';

export interface CopyActionsProps {
  readonly copy: CopyView;
  readonly place: TextArgsPlace;
  readonly mayShare: boolean;
  readonly ask: PanelCall;
  readonly onTurn: (branch: string | null) => void;
}

export function CopyActions(props: CopyActionsProps) {
  const { copy, place, mayShare, ask, onTurn } = props;
  const task = useTask();
  const [conflicts, setConflicts] = useState(0);
  const at = { ...place, branch: copy.id };
  const merge = (prefer: Preference | null) => async () => {
    const merged = await task.run(() => ask('mergeCopy', { ...at, prefer }));
    if (merged === null) return;
    setConflicts(merged.value.merged ? 0 : merged.value.conflicts);
    if (merged.value.merged) onTurn(null);
  };
  const close = async () => {
    if ((await task.run(() => ask('closeCopy', at))) !== null) onTurn(null);
  };
  return (
    <div class="stack">
      <div class="buttons">
        {mayShare && <Act task={task} words="Bring it into the text" onPress={merge(null)} />}
        {copy.behind > 0 && (
          <Act
            task={task}
            words={`Bring in ${counted(copy.behind, 'change')} of the text`}
            onPress={() => task.run(() => ask('refreshCopy', at))}
          />
        )}
        {mayShare && <NextStep {...props} task={task} />}
      </div>
      {conflicts > 0 && <Conflicts count={conflicts} task={task} onChoose={merge} />}
      <Confirm
        ask={copy.where === 'private' ? 'Put this copy away?' : 'Put this copy away for everyone?'}
        doIt="Put it away"
        keep="Keep it"
        busy={task.busy}
        onConfirm={() => void close()}
      />
      <FailureNote failure={task.failure} />
    </div>
  );
}

/** From private to shared, from shared to agreed. */
function NextStep({ copy, place, ask, onTurn, task }: CopyActionsProps & { readonly task: Task }) {
  const at = { ...place, branch: copy.id };
  const share = async () => {
    const shared = await task.run(() => ask('shareCopy', at));
    if (shared !== null) onTurn(shared.value.branch);
  };
  const propose = () => task.run(() => ask('proposeText', at));
  if (copy.where === 'private') return <Act task={task} words="Share it" onPress={share} />;
  return copy.isAgreed ? null : <Act task={task} words="Ask that it be agreed" onPress={propose} />;
}

type Preference = 'ours' | 'theirs' | 'both';

interface ActProps {
  readonly task: Task;
  readonly words: string;
  readonly onPress: () => Promise<unknown>;
}

function Act({ task, words, onPress }: ActProps) {
  return (
    <Button busy={task.busy} onPress={() => void onPress()}>
      {words}
    </Button>
  );
}

interface ConflictsProps {
  readonly count: number;
  readonly task: Task;
  readonly onChoose: (prefer: Preference) => () => Promise<void>;
}

function Conflicts({ count, task, onChoose }: ConflictsProps) {
  return (
    <div class="stack" role="group" aria-label="The same words were changed twice">
      <p role="status">
        In {counted(count, 'place')} the copy and the text both changed the same words. Nothing has
        been brought in yet. Whose words shall stand there?
      </p>
      <div class="buttons">
        <Act task={task} words="Those of the copy" onPress={onChoose('ours')} />
        <Act task={task} words="Those of the text" onPress={onChoose('theirs')} />
        <Act task={task} words="Both, one after the other" onPress={onChoose('both')} />
      </div>
    </div>
  );
}
