// One labelled line of text with its own button: a name, a link, an address. Says what failed right below.
import { useId, useState } from 'preact/hooks';
import type { Result } from '../../lib/wire/failure.ts';
import { useTask } from '../use-task.ts';
import { Button } from './Button.tsx';
import { FailureNote } from './FailureNote.tsx';

export interface TextFormProps {
  readonly label: string;
  readonly action: string;
  readonly initial?: string;
  readonly hint?: string;
  readonly maxLength: number;
  readonly primary?: boolean;
  /** Said beside the button when it worked, where the form stays. */
  readonly doneWords?: string;
  readonly autoFocus?: boolean;
  readonly onSubmit: (text: string) => Promise<Result<unknown>>;
  readonly onCancel?: () => void;
}

export function TextForm(props: TextFormProps) {
  const [text, setText] = useState(props.initial ?? '');
  const [done, setDone] = useState(false);
  const task = useTask();
  const id = useId();
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    void task.run(() => props.onSubmit(text.trim())).then((worked) => setDone(worked !== null));
  };
  return (
    <form class="stack" onSubmit={submit} onKeyDown={cancelOnEscape(props.onCancel)}>
      <div class="field">
        <label for={id}>{props.label}</label>
        <input
          id={id}
          class="input"
          value={text}
          dir="auto"
          maxLength={props.maxLength}
          autocomplete="off"
          spellcheck={false}
          // Only where the form was opened by a press, so that the press leads straight to typing.
          autoFocus={props.autoFocus ?? false}
          aria-invalid={task.failure !== null}
          aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
          onInput={(event) => {
            setDone(false);
            setText(event.currentTarget.value);
          }}
        />
        {props.hint !== undefined && (
          <span class="hint" id={`${id}-hint`}>
            {props.hint}
          </span>
        )}
      </div>
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button
          submit
          look={props.primary ? 'primary' : 'normal'}
          busy={task.busy}
          disabled={text.trim() === ''}
        >
          {props.action}
        </Button>
        {props.doneWords !== undefined && (
          <span class="quiet" role="status">
            {done ? props.doneWords : ''}
          </span>
        )}
        {props.onCancel && (
          <Button look="plain" onPress={props.onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

function cancelOnEscape(cancel: (() => void) | undefined) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !cancel) return;
    event.stopPropagation();
    cancel();
  };
}
