// Says that another browser works with a copy of this one, and offers how to go on.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { CopyView } from '../../lib/messaging/copy-state.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { useTask } from '../use-task.ts';

export function CopiedBrowser({
  state: { copy, devices },
  ask,
}: {
  readonly state: PanelState;
  readonly ask: PanelCall;
}) {
  if (copy === null) return null;
  if (copy.kind === 'renewed') return <Renewed />;
  return <Choice copy={copy} hasPhrase={devices?.hasPhrase === true} ask={ask} />;
}

function Renewed() {
  return (
    <section class="section stack" role="status">
      <h2>This browser has its own keys</h2>
      <p>Close it completely and open it again, and it goes on with them.</p>
    </section>
  );
}

interface ChoiceProps {
  readonly copy: CopyView;
  /** Whether the twelve words are still kept here, so that nobody need type them. */
  readonly hasPhrase: boolean;
  readonly ask: PanelCall;
}

function Choice({ copy, hasPhrase, ask }: ChoiceProps) {
  const task = useTask();
  const [typing, setTyping] = useState(false);
  const renew = () =>
    hasPhrase ? void task.run(() => ask('renewDevice', { phrase: null })) : setTyping(true);
  return (
    <section class="section stack" aria-labelledby="copied-browser">
      <div role="status">
        <h2 id="copied-browser">{titleOf(copy)}</h2>
        <p>{whatHappened(copy)}</p>
        <p class="quiet">{RENEWING}</p>
      </div>
      <FailureNote failure={task.failure} />
      {typing ? (
        <TextForm
          label="Your twelve words"
          action="Give this browser its own keys"
          primary
          autoFocus
          maxLength={1000}
          onSubmit={(phrase) => ask('renewDevice', { phrase })}
          onCancel={() => setTyping(false)}
        />
      ) : (
        <div class="buttons">
          <Button look="primary" busy={task.busy} onPress={renew}>
            Give this browser its own keys
          </Button>
          {copy.kind === 'set_aside' && copy.mayGoOn && (
            <Button busy={task.busy} onPress={() => void task.run(() => ask('goOnHere', {}))}>
              There is no other one: go on here
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function titleOf({ kind }: CopyView): string {
  if (kind === 'taken_back') return 'The keys of this browser were taken back';
  return kind === 'elsewhere' ? 'This browser has a copy' : 'This browser is a copy of another one';
}

function whatHappened({ kind, count }: CopyView): string {
  if (kind === 'taken_back') {
    return 'Another of your devices took them back: this one was removed there, or it is a copy of one that has new keys now.';
  }
  if (kind === 'elsewhere') {
    return 'Another browser works with the same keys. If both write at the same time, the work of one is set aside.';
  }
  const changes = count === 1 ? '1 change was' : `${count} changes were`;
  return `Both have written, or this one was put back to an earlier state. The work of the other one goes on; ${changes} set aside here and will be added again.`;
}

const RENEWING =
  'With its own keys it goes on, and nothing is lost. Another browser with the old keys will ask for your twelve words too.';
