// Takes a device off a person's devices, with the recovery phrase where it is not kept here.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { Result } from '../../lib/wire/failure.ts';
import type { DeviceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { useTask } from '../use-task.ts';

export const MAX_PHRASE_LENGTH = 1_000;

export interface RemoveDeviceProps {
  readonly device: DeviceView;
  readonly hasPhrase: boolean;
  readonly ask: PanelCall;
}

export function RemoveDevice({ device, hasPhrase, ask }: RemoveDeviceProps) {
  const [asking, setAsking] = useState(false);
  const what = `Remove ${device.label || 'this device'}? It reads nothing that comes after, in any of your spaces, and cannot come back as the same device.`;
  const remove = (phrase: string | null) => ask('removeDevice', { device: device.id, phrase });
  if (hasPhrase) return <AtOnce what={what} remove={() => remove(null)} />;
  if (!asking) {
    return (
      <div>
        <Button look="plain" onPress={() => setAsking(true)}>
          Remove
        </Button>
      </div>
    );
  }
  return (
    <div class="stack" role="group" aria-label={what}>
      <p>{what}</p>
      <TextForm
        label="Your recovery phrase, twelve words"
        action="Remove"
        autoFocus
        maxLength={MAX_PHRASE_LENGTH}
        onSubmit={remove}
        onCancel={() => setAsking(false)}
      />
    </div>
  );
}

interface AtOnceProps {
  readonly what: string;
  readonly remove: () => Promise<Result<null>>;
}

/** Where the phrase is kept here, one more press is enough. */
function AtOnce({ what, remove }: AtOnceProps) {
  const task = useTask();
  return (
    <>
      <Confirm
        ask={what}
        doIt="Remove"
        keep="Keep"
        busy={task.busy}
        onConfirm={() => void task.run(remove)}
      />
      <FailureNote failure={task.failure} />
    </>
  );
}
