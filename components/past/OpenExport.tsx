// Opens a space that stands in a file. What it becomes depends on who opens it: a member goes on in it.
import { useId, useState } from 'preact/hooks';
import { MAX_PASSPHRASE_LENGTH, type PastReplies } from '../../lib/messaging/past.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { openExport } from '../../lib/view/space-files.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextLine } from '../controls/TextLine.tsx';
import { useTask } from '../use-task.ts';

const DONE_WORDS: Readonly<Record<PastReplies['importEnd']['outcome'], string>> = {
  joined: 'Opened. You are in this space, and it goes on here.',
  archive: 'Opened as an archive: you can read it, and make a new space from it.',
  known: 'This space is here already. What was missing has been added.',
};

export function OpenExport({ ask }: { readonly ask: PanelCall }) {
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [said, setSaid] = useState('');
  const task = useTask();
  const id = useId();
  const open = async (event: Event) => {
    event.preventDefault();
    if (file === null) return;
    const tell = (part: number) => setSaid(`${Math.round(part * 100)} % read`);
    const chosen = passphrase === '' ? null : passphrase;
    const opened = await task.run(() => openExport(ask, file, chosen, tell));
    setSaid(opened === null ? '' : DONE_WORDS[opened.value.outcome]);
  };
  return (
    <form class="stack" onSubmit={(event) => void open(event)}>
      <div class="field">
        <label for={id}>File</label>
        <input
          id={id}
          type="file"
          accept=".commonplace"
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
      </div>
      <TextLine
        label="Passphrase, if it has one"
        text={passphrase}
        maxLength={MAX_PASSPHRASE_LENGTH}
        invalid={task.failure !== null}
        onChange={setPassphrase}
      />
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button submit busy={task.busy} disabled={file === null}>
          Open the file
        </Button>
        <span class="quiet" role="status">
          {said}
        </span>
      </div>
    </form>
  );
}
