// An invite link for the space, made when the sheet opens.
import { useEffect, useState } from 'preact/hooks';
import type { PanelCall, PanelReplies } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { exactTime } from '../../lib/view/words.ts';
import { CopyField } from '../controls/CopyField.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

type InvitedSpace = Pick<SpaceView, 'id' | 'name'> &
  Partial<Pick<SpaceView, 'mayManage' | 'admit'>>;

export interface InviteSheetProps {
  readonly space: InvitedSpace;
  readonly ask: PanelCall;
  /** Only where the sheet was opened by a press that asked for the link. */
  readonly copyAtOnce?: boolean;
}

export function InviteSheet({ space, ask, copyAtOnce = false }: InviteSheetProps) {
  const task = useTask();
  const [invite, setInvite] = useState<PanelReplies['invite'] | null>(null);
  useEffect(() => {
    void task
      .run(() => ask('invite', { spaceId: space.id }))
      .then((made) => setInvite(made?.value ?? null));
  }, [space.id]);
  return (
    <div class="sheet">
      {invite && <CopyField label="Invite link" text={invite.link} copyAtOnce={copyAtOnce} />}
      {task.busy && <p class="quiet">Making a link…</p>}
      <FailureNote failure={task.failure} />
      <p class="quiet">
        Whoever has this link can join “<bdi>{space.name}</bdi>” and read what is in it. Send it
        only to people you trust.
        {invite?.expiresAt !== undefined &&
          invite.expiresAt !== null &&
          ` It works until ${exactTime(invite.expiresAt)}.`}
      </p>
      {space.mayManage === true && <Admission space={space} ask={ask} />}
    </div>
  );
}

function Admission({ space, ask }: Pick<InviteSheetProps, 'space' | 'ask'>) {
  const task = useTask();
  return (
    <>
      <label class="choice">
        <input
          type="checkbox"
          checked={space.admit === 'by_hand'}
          disabled={task.busy}
          onChange={({ currentTarget }) => {
            const admit = currentTarget.checked ? 'by_hand' : 'by_invite';
            void task.run(() => ask('setAdmission', { spaceId: space.id, admit }));
          }}
        />
        Ask me before someone with the link comes in
      </label>
      <FailureNote failure={task.failure} />
    </>
  );
}
