// Adding another device: a code to enter there, six digits to compare, the recovery phrase where it is not kept here.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { DevicesView, OfferView } from '../../lib/messaging/panel-state.ts';
import { timeLeft } from '../../lib/view/words.ts';
import { ArrivingHeading } from '../controls/ArrivingHeading.tsx';
import { Button } from '../controls/Button.tsx';
import { CopyField } from '../controls/CopyField.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { useTask, type Task } from '../use-task.ts';
import { MAX_PHRASE_LENGTH } from './RemoveDevice.tsx';

export interface AddDeviceProps {
  readonly devices: DevicesView;
  readonly now: number;
  readonly ask: PanelCall;
}

export function AddDevice({ devices, now, ask }: AddDeviceProps) {
  const { offer, hasPhrase } = devices;
  const task = useTask();
  const cancel = () => void task.run(() => ask('cancelOffer', {}));
  return (
    <div class="stack">
      {offer === null && (
        <div class="buttons">
          <Button busy={task.busy} onPress={() => void task.run(() => ask('offerDevice', {}))}>
            Add a device
          </Button>
        </div>
      )}
      {offer?.step === 'waiting' && <Code offer={offer} now={now} onCancel={cancel} />}
      {offer?.step === 'compare' && (
        <Compare offer={offer} hasPhrase={hasPhrase} task={task} ask={ask} onCancel={cancel} />
      )}
      {offer?.step === 'over' && <Over offer={offer} onDone={cancel} />}
      <FailureNote failure={task.failure} />
    </div>
  );
}

interface StepProps {
  readonly offer: OfferView;
  readonly onCancel: () => void;
}

function Code({ offer, now, onCancel }: StepProps & { readonly now: number }) {
  return (
    <>
      <ArrivingHeading>Enter this code on the other device</ArrivingHeading>
      <p>
        Install Commonplace there, choose “I already use Commonplace” on its first page, and enter
        both. Keep this page open.
      </p>
      <CopyField label="Code" text={offer.code} />
      <CopyField label="Relay" text={offer.relay} />
      <p class="quiet" role="status">
        {offer.isReachable
          ? `Waiting for the other device. The code is good once; ${timeLeft(offer.expiresAt, now)}.`
          : 'Connecting to the relay…'}
      </p>
      <div class="buttons">
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </>
  );
}

interface CompareProps extends StepProps {
  readonly hasPhrase: boolean;
  readonly task: Task;
  readonly ask: PanelCall;
}

function Compare({ offer, hasPhrase, task, ask, onCancel }: CompareProps) {
  const needsWords = offer.needsPhrase && !hasPhrase;
  return (
    <>
      <ArrivingHeading>Does the other device show the same digits?</ArrivingHeading>
      <p class="digits mono">{offer.digits}</p>
      <p>
        <bdi>{offer.label}</bdi> wants to become one of your devices. If its digits differ, someone
        stands between the two: cancel.
      </p>
      {needsWords ? (
        <TextForm
          label="Your recovery phrase, twelve words"
          hint="It is used for this one signature and not kept."
          action="They are the same: add it"
          primary
          autoFocus
          maxLength={MAX_PHRASE_LENGTH}
          onSubmit={(phrase) => ask('allowDevice', { phrase })}
          onCancel={onCancel}
        />
      ) : (
        <div class="buttons">
          <Button onPress={onCancel}>Cancel</Button>
          <Button
            look="primary"
            busy={task.busy}
            onPress={() => void task.run(() => ask('allowDevice', { phrase: null }))}
          >
            They are the same: add it
          </Button>
        </div>
      )}
    </>
  );
}

function Over({ offer, onDone }: { readonly offer: OfferView; readonly onDone: () => void }) {
  return (
    <>
      {offer.failure === null && (
        <p role="status">
          <bdi>{offer.label}</bdi> is one of your devices now. Your spaces come to it by themselves.
        </p>
      )}
      <FailureNote failure={offer.failure} />
      <div class="buttons">
        <Button onPress={onDone}>Done</Button>
      </div>
    </>
  );
}
