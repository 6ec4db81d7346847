// A file on its way into the space: how far it is, and the way to stop it; or why it did not come in.
import { File as FileIcon, X } from 'lucide-preact';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { Progress } from '../controls/Progress.tsx';
import type { Upload } from './use-uploads.ts';

export function UploadItem({ upload }: { readonly upload: Upload }) {
  const { name, percent, failure, dismiss } = upload;
  return (
    <article class="file">
      <div class="file-row">
        <FileIcon size={16} aria-hidden />
        <span class="one-line" title={name}>
          <bdi>{name}</bdi>
        </span>
        <Button
          look="icon"
          label={failure === null ? `Stop adding ${name}` : `Put ${name} away`}
          onPress={dismiss}
        >
          <X size={16} aria-hidden />
        </Button>
      </div>
      {failure === null && <Progress label={`Adding ${name}`} percent={percent} />}
      <FailureNote failure={failure} />
    </article>
  );
}
