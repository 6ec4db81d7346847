// One file of the space: its name, size and whose it is, where its bytes are, and the ways to save and remove it.
import { useEffect, useState } from 'preact/hooks';
import { Download, File as FileIcon, Trash2, X } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { FileView } from '../../lib/messaging/file-view.ts';
import type { Failure } from '../../lib/wire/failure.ts';
import { bytesWords, fileWords } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { Progress } from '../controls/Progress.tsx';
import { When } from '../controls/When.tsx';
import { HandMark, HandName } from '../marks/HandMark.tsx';
import { hueStyle } from '../marks/hue.ts';
import { useTask } from '../use-task.ts';
import { RemoveForAll } from './RemoveForAll.tsx';
import { saveFile } from './save-file.ts';

export interface FileItemProps {
  readonly file: FileView;
  readonly now: number;
  readonly ask: PanelCall;
}

export function FileItem({ file, now, ask }: FileItemProps) {
  const [isRemoving, setIsRemoving] = useState(false);
  const saving = useSaving(file, ask);
  const { spaceId, id: fileId, name, by } = file;
  return (
    <article class="file" style={hueStyle(by.hue)}>
      <div class="file-row">
        <FileIcon size={16} aria-hidden />
        <span class="one-line" title={name}>
          <bdi>{name}</bdi>
        </span>
        <span class="quiet file-size">{bytesWords(file.size)}</span>
      </div>
      <Byline file={file} now={now} saving={saving} onRemove={() => setIsRemoving(true)} />
      {file.state === 'coming' && <Progress label={`Getting ${name}`} percent={file.percent} />}
      <FailureNote failure={saving.failure ?? file.problem} />
      {isRemoving && (
        <RemoveForAll
          ask="Remove this file?"
          onRemove={() => ask('removeFile', { spaceId, fileId })}
          onKeep={() => setIsRemoving(false)}
        />
      )}
    </article>
  );
}

interface BylineProps {
  readonly file: FileView;
  readonly now: number;
  readonly saving: Saving;
  readonly onRemove: () => void;
}

function Byline({ file, now, saving, onRemove }: BylineProps) {
  const { name, by, mine } = file;
  const state = fileWords(file);
  return (
    <div class="byline">
      <HandMark hand={by} />
      <span class="words">
        <HandName hand={by} />
        <When at={file.addedAt} now={now} />
        {state !== null && <span>{state}</span>}
      </span>
      <span class="tools">
        {file.state === 'coming' ? (
          <Button look="icon" label={`Stop getting ${name}`} onPress={saving.stop}>
            <X size={16} aria-hidden />
          </Button>
        ) : (
          <Button look="icon" label={`Save ${name}`} busy={saving.busy} onPress={saving.save}>
            <Download size={16} aria-hidden />
          </Button>
        )}
        {mine && (
          <Button look="icon" label={`Remove ${name}`} onPress={onRemove}>
            <Trash2 size={16} aria-hidden />
          </Button>
        )}
      </span>
    </div>
  );
}

interface Saving {
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly save: () => void;
  readonly stop: () => void;
}

/** Saving a file that is not here begins with getting it; it is saved when it has come. */
function useSaving(file: FileView, ask: PanelCall): Saving {
  const [isWanted, setIsWanted] = useState(false);
  const task = useTask();
  const { spaceId, id: fileId } = file;
  const save = () => {
    setIsWanted(true);
    if (file.state === 'elsewhere') void task.run(() => ask('fetchFile', { spaceId, fileId }));
  };
  const stop = () => {
    setIsWanted(false);
    void ask('stopFile', { spaceId, fileId });
  };
  useEffect(() => {
    if (!isWanted || file.state !== 'here') return;
    setIsWanted(false);
    void task.run(() => saveFile(ask, file));
  }, [isWanted, file.state]);
  return { busy: task.busy, failure: task.failure, save, stop };
}
