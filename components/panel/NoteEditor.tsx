// Changing the note of an annotation. Ctrl+Enter saves, Escape leaves it as it was.
import { useEffect, useRef, useState } from 'preact/hooks';
import { MAX_NOTE_CHARS } from '../../lib/wire/annotator.ts';
import type { Result } from '../../lib/wire/failure.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

export interface NoteEditorProps {
  readonly note: string;
  readonly onSave: (note: string) => Promise<Result<unknown>>;
  readonly onDone: () => void;
}

export function NoteEditor({ note, onSave, onDone }: NoteEditorProps) {
  const [text, setText] = useState(note);
  const field = useRef<HTMLTextAreaElement>(null);
  const task = useTask();
  useEffect(() => field.current?.focus(), []);
  const save = async () => {
    if (text === note || (await task.run(() => onSave(text)))) onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
  };
  return (
    <div class="stack">
      <textarea
        ref={field}
        class="input serif"
        aria-label="Note"
        dir="auto"
        rows={4}
        maxLength={MAX_NOTE_CHARS}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button look="primary" busy={task.busy} onPress={() => void save()}>
          Save
        </Button>
        <Button look="plain" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
