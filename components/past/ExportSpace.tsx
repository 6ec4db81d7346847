// Saves a space as a file, with a passphrase or plainly without one.
import { useState } from 'preact/hooks';
import { MAX_PASSPHRASE_LENGTH } from '../../lib/messaging/past.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { readExport, type SpaceFile } from '../../lib/view/space-files.ts';
import { bytesWords } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextLine } from '../controls/TextLine.tsx';
import { useTask } from '../use-task.ts';

export interface ExportSpaceProps {
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onCancel: () => void;
}

export function ExportSpace({ space, ask, onCancel }: ExportSpaceProps) {
  const [passphrase, setPassphrase] = useState('');
  const [said, setSaid] = useState('');
  const task = useTask();
  const save = async (event: Event) => {
    event.preventDefault();
    const chosen = passphrase === '' ? null : passphrase;
    const tell = (bytes: number) => setSaid(`${bytesWords(bytes)} so far`);
    const made = await task.run(() => readExport(ask, space.id, chosen, tell));
    if (made === null) return setSaid('');
    download(made.value);
    setSaid(`Saved as “${made.value.name}”, ${bytesWords(made.value.content.size)}.`);
  };
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      <h2>Export “{space.name}”</h2>
      <p class="quiet">
        One file with everything in this space: what stands in it, who changed what, and when. It
        can be opened in any browser with Commonplace, also when nobody else is there any more.
      </p>
      <PassphraseField passphrase={passphrase} onChange={setPassphrase} />
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button submit look="primary" busy={task.busy}>
          {passphrase === '' ? 'Save without a passphrase' : 'Save the file'}
        </Button>
        <Button look="plain" onPress={onCancel}>
          Back
        </Button>
        <span class="quiet" role="status">
          {said}
        </span>
      </div>
    </form>
  );
}

interface PassphraseFieldProps {
  readonly passphrase: string;
  readonly onChange: (passphrase: string) => void;
}

function PassphraseField({ passphrase, onChange }: PassphraseFieldProps) {
  return (
    <>
      <TextLine
        label="Passphrase"
        hint="Whoever opens the file will need it. If it is forgotten, nobody can open the file."
        text={passphrase}
        maxLength={MAX_PASSPHRASE_LENGTH}
        invalid={false}
        autoFocus
        onChange={onChange}
      />
      {passphrase === '' && (
        <p class="warning">
          Without a passphrase, whoever gets the file can read all of it, and come in by the invite
          that is in it.
        </p>
      )}
    </>
  );
}

function download({ name, content }: SpaceFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download holds the file itself once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
