// Asks once more before something goes, for everyone. The focus is on keeping it.
import { useEffect, useRef } from 'preact/hooks';
import type { Result } from '../../lib/wire/failure.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export interface RemoveForAllProps {
  /** "Remove this file?" */
  readonly ask: string;
  readonly onRemove: () => Promise<Result<unknown>>;
  readonly onKeep: () => void;
}

export function RemoveForAll({ ask, onRemove, onKeep }: RemoveForAllProps) {
  const task = useTask();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div class="stack" role="group" aria-label={ask}>
      <p>Remove it for everyone in the space?</p>
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button innerRef={keep} onPress={onKeep}>
          Keep
        </Button>
        <Button look="danger" busy={task.busy} onPress={() => void task.run(onRemove)}>
          Remove
        </Button>
      </div>
    </div>
  );
}
