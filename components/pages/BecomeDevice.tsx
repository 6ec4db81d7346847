// For someone who uses Commonplace elsewhere: the code that another device shows, then six digits to compare.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { JoiningView } from '../../lib/messaging/joining-state.ts';
import { ArrivingHeading } from '../controls/ArrivingHeading.tsx';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextLine } from '../controls/TextLine.tsx';
import { useTask } from '../use-task.ts';

const MAX_CODE_LENGTH = 200;
const MAX_RELAY_LENGTH = 2_000;

export interface BecomeDeviceProps {
  readonly joining: JoiningView | null;
  /** The relay that is set here. */
  readonly relay: string;
  readonly ask: PanelCall;
}

export function BecomeDevice({ joining, relay, ask }: BecomeDeviceProps) {
  const isAtForm = joining === null || joining.step === 'failed';
  return (
    <div class="stack">
      {isAtForm && <CodeForm relay={relay} ask={ask} />}
      {joining?.step === 'meeting' && <p role="status">Looking for your other device…</p>}
      {joining?.step === 'compare' && <Compare digits={joining.digits ?? ''} ask={ask} />}
      {joining?.step === 'waiting' && (
        <p role="status">Now confirm on your other device. This page goes on by itself.</p>
      )}
      {!isAtForm && joining.step !== 'compare' && (
        <div class="buttons">
          <Button onPress={() => void ask('cancelJoining', {})}>Cancel</Button>
        </div>
      )}
      <FailureNote failure={joining?.failure ?? null} />
    </div>
  );
}

function CodeForm({ relay, ask }: Omit<BecomeDeviceProps, 'joining'>) {
  const [code, setCode] = useState('');
  const [at, setAt] = useState(relay);
  const task = useTask();
  const submit = (event: Event) => {
    event.preventDefault();
    if (code.trim() !== '') void task.run(() => ask('joinDevices', { code, relay: at }));
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p>
        On your other device, open the options of Commonplace and choose “Add a device”. It shows a
        code.
      </p>
      <TextLine
        label="Code"
        text={code}
        maxLength={MAX_CODE_LENGTH}
        invalid={task.failure !== null}
        onChange={setCode}
      />
      <TextLine
        label="Relay"
        hint="As your other device shows it beside the code."
        text={at}
        maxLength={MAX_RELAY_LENGTH}
        invalid={false}
        onChange={setAt}
      />
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button submit busy={task.busy} disabled={code.trim() === ''}>
          Continue with this code
        </Button>
      </div>
    </form>
  );
}

function Compare({ digits, ask }: { readonly digits: string; readonly ask: PanelCall }) {
  const task = useTask();
  const answer = (same: boolean) => void task.run(() => ask('confirmJoining', { same }));
  return (
    <>
      <ArrivingHeading>Does your other device show the same digits?</ArrivingHeading>
      <p class="digits mono">{digits}</p>
      <div class="buttons">
        <Button busy={task.busy} onPress={() => answer(false)}>
          They differ
        </Button>
        <Button look="primary" busy={task.busy} onPress={() => answer(true)}>
          They are the same
        </Button>
      </div>
      <FailureNote failure={task.failure} />
    </>
  );
}
