// Making, joining and renaming a space, as small forms.
import { useState } from 'preact/hooks';
import { MAX_LINK_LENGTH, MAX_NAME_LENGTH } from '../../lib/messaging/panel.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { TextForm } from '../controls/TextForm.tsx';
import { KeyFields, type Keys } from './KeyFields.tsx';

export interface SpaceFormProps {
  readonly ask: PanelCall;
  readonly primary?: boolean;
  readonly autoFocus?: boolean;
  readonly onDone?: (spaceId: string) => void;
  readonly onCancel?: () => void;
}

export function NewSpace({ ask, onDone, ...rest }: SpaceFormProps) {
  const [keys, setKeys] = useState<Keys>('wrap');
  return (
    <TextForm
      {...rest}
      label="Name of the space"
      hint="For example “Reading group” or “Thesis”. You can change it later."
      action="Make the space"
      maxLength={MAX_NAME_LENGTH}
      onSubmit={async (name) => {
        const made = await ask('createSpace', keys === 'wrap' ? { name } : { name, keys });
        if (!made.ok) return made;
        const opened = await ask('openSpace', made.value);
        if (opened.ok) onDone?.(made.value.spaceId);
        return opened;
      }}
    >
      <KeyFields keys={keys} onChange={setKeys} />
    </TextForm>
  );
}

export function JoinByLink({ ask, onDone, ...rest }: SpaceFormProps) {
  return (
    <TextForm
      {...rest}
      label="Invite link"
      action="Join"
      maxLength={MAX_LINK_LENGTH}
      onSubmit={async (link) => {
        const joined = await ask('joinSpace', { link });
        if (!joined.ok) return joined;
        const { spaceId } = joined.value;
        const opened = await ask('openSpace', { spaceId });
        if (opened.ok) onDone?.(spaceId);
        return opened;
      }}
    />
  );
}

export interface RenameSpaceProps extends SpaceFormProps {
  readonly space: SpaceView;
}

export function RenameSpace({ space, ask, onDone, ...rest }: RenameSpaceProps) {
  return (
    <TextForm
      {...rest}
      label="Name of the space"
      hint="Everyone in it sees the new name."
      action="Rename"
      initial={space.name}
      maxLength={MAX_NAME_LENGTH}
      onSubmit={async (name) => {
        const renamed = await ask('renameSpace', { spaceId: space.id, name });
        if (renamed.ok) onDone?.(space.id);
        return renamed;
      }}
    />
  );
}
