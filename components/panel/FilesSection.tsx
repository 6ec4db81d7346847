// "Files": what people have put into the space beside their notes. A file is added by choosing it or by dropping it here.
import { useRef, useState } from 'preact/hooks';
import { Plus } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { FileView } from '../../lib/messaging/file-view.ts';
import { ShowMore } from '../controls/ShowMore.tsx';
import { FileItem } from './FileItem.tsx';
import { useUploads } from './use-uploads.ts';
import { UploadItem } from './UploadItem.tsx';

/** Drawn at first and with each press. */
const STEP = 10;

export interface FilesSectionProps {
  readonly files: readonly FileView[];
  readonly spaceId: string;
  readonly now: number;
  readonly ask: PanelCall;
}

export function FilesSection({ files, spaceId, now, ask }: FilesSectionProps) {
  const [shown, setShown] = useState(STEP);
  const [isOver, setIsOver] = useState(false);
  const uploads = useUploads(ask, spaceId);
  const isEmpty = files.length === 0 && uploads.list.length === 0;
  const over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    setIsOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    uploads.add([...(event.dataTransfer?.files ?? [])]);
  };
  return (
    <section
      class={isOver ? 'section files dropping' : 'section files'}
      aria-labelledby="files"
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <div class="section-head">
        <h2 id="files">Files</h2>
        <ChooseFile onChoose={uploads.add} />
      </div>
      {isEmpty && <p class="quiet">Add a file, or drop one here, to share it with this space.</p>}
      <ul aria-label="Files in this space">
        {uploads.list.map((upload) => (
          <li key={upload.id}>
            <UploadItem upload={upload} />
          </li>
        ))}
        {files.slice(0, shown).map((file) => (
          <li key={file.id}>
            <FileItem file={file} now={now} ask={ask} />
          </li>
        ))}
      </ul>
      <ShowMore left={files.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
    </section>
  );
}

function ChooseFile({ onChoose }: { readonly onChoose: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = () => {
    onChoose([...(input.current?.files ?? [])]);
    // The same file may be chosen again.
    if (input.current) input.current.value = '';
  };
  return (
    <label class="button normal choose-file">
      <Plus size={16} aria-hidden />
      Add file
      <input ref={input} type="file" multiple class="for-readers" onChange={chosen} />
    </label>
  );
}
