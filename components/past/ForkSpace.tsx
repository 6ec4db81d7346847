// Makes a new space out of what one held, now or at an earlier moment.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { MAX_NAME_LENGTH } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { TextForm } from '../controls/TextForm.tsx';

export interface ForkSpaceProps {
  readonly space: Pick<SpaceView, 'id' | 'name'>;
  /** So many steps of its history; null for all of it. */
  readonly after: number | null;
  readonly ask: PanelCall;
  readonly onDone?: (spaceId: string) => void;
  readonly onCancel: () => void;
}

export function ForkSpace({ space, after, ask, onDone, onCancel }: ForkSpaceProps) {
  return (
    <TextForm
      label="Name of the new space"
      hint={`It begins with what “${space.name}” held, and with you alone in it. Nothing changes in the old one.`}
      action="Make the new space"
      initial={space.name.slice(0, MAX_NAME_LENGTH)}
      maxLength={MAX_NAME_LENGTH}
      doneWords="Made. You find it among your spaces."
      autoFocus
      primary
      onCancel={onCancel}
      onSubmit={async (name) => {
        const made = await ask('forkSpace', { spaceId: space.id, name, after });
        if (!made.ok) return made;
        const opened = await ask('openSpace', made.value);
        if (opened.ok) onDone?.(made.value.spaceId);
        return opened;
      }}
    />
  );
}
