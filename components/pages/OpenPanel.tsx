// The step to the side panel, which the browser opens only on a press.
import type { Result } from '../../lib/wire/failure.ts';
import { ArrivingHeading } from '../controls/ArrivingHeading.tsx';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export function OpenPanel({ onOpen }: { readonly onOpen: () => Promise<Result<null>> }) {
  const task = useTask();
  return (
    <section class="step">
      <ArrivingHeading>Now open a page worth marking</ArrivingHeading>
      <p>
        Select some text on it and press <kbd>Alt+Shift+A</kbd>. The side panel shows what you and
        others have marked.
      </p>
      <div class="buttons">
        <Button look="primary" busy={task.busy} onPress={() => void task.run(onOpen)}>
          Open the side panel
        </Button>
      </div>
      <FailureNote failure={task.failure} />
    </section>
  );
}
