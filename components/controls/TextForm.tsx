// One labelled line of text with its own button: a name, a link, an address. Says what failed right below.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Result } from '../../lib/wire/failure.ts';
import { useTask } from '../use-task.ts';
import { Button } from './Button.tsx';
import { FailureNote } from './FailureNote.tsx';
import { TextLine } from './TextLine.tsx';

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
  /** Between the text and the button. */
  readonly children?: ComponentChildren;
}

export function TextForm(props: TextFormProps) {
  const [text, setText] = useState(props.initial ?? '');
  const [done, setDone] = useState(false);
  const task = useTask();
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    void task.run(() => props.onSubmit(text.trim())).then((worked) => setDone(worked !== null));
  };
  const change = (next: string) => {
    setDone(false);
    setText(next);
  };
  const look = props.primary ? 'primary' : 'normal';
  return (
    <form class="stack" onSubmit={submit} onKeyDown={cancelOnEscape(props.onCancel)}>
      <TextLine {...props} text={text} invalid={task.failure !== null} onChange={change} />
      {props.children}
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button submit look={look} busy={task.busy} disabled={text.trim() === ''}>
          {props.action}
        </Button>
        {props.onCancel && (
          <Button look="plain" onPress={props.onCancel}>
            Cancel
          </Button>
        )}
        <span class="quiet" role="status">
          {done ? props.doneWords : ''}
        </span>
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
