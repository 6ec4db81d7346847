// The page behind an invite link: what the invite is for and who sent it, before anything is joined.
import { useEffect, useState } from 'preact/hooks';
import type { Result } from '../../lib/wire/failure.ts';
import type { InvitePreview } from '../../lib/messaging/panel.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import type { PanelView } from '../../lib/view/panel-view.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';
import { NameForm } from './NameForm.tsx';
import { OpenPanel } from './OpenPanel.tsx';
import { PageFrame } from './PageFrame.tsx';
import { Waiting } from './Waiting.tsx';

export interface JoinProps {
  readonly view: PanelView;
  /** The address of this page, whose fragment is the invite. */
  readonly link: string;
  readonly onOpenPanel: () => Promise<Result<null>>;
  readonly onLeave: () => void;
}

export function Join({ view, link, onOpenPanel, onLeave }: JoinProps) {
  const state = view.state.value;
  const [preview, setPreview] = useState<InvitePreview | null>(null);
  const reading = useTask();
  useEffect(() => {
    void reading
      .run(() => view.ask('previewInvite', { link }))
      .then((read) => setPreview(read?.value ?? null));
  }, [link]);
  if (reading.failure) {
    return (
      <PageFrame title="This invite cannot be used">
        <FailureNote failure={reading.failure} />
      </PageFrame>
    );
  }
  if (state === null || preview === null) {
    return (
      <PageFrame title="An invite to a space">
        <Waiting view={view} />
      </PageFrame>
    );
  }
  return (
    <Invite
      view={view}
      state={state}
      link={link}
      preview={preview}
      onOpenPanel={onOpenPanel}
      onLeave={onLeave}
    />
  );
}

interface InviteProps extends JoinProps {
  readonly state: PanelState;
  readonly preview: InvitePreview;
}

function Invite({ view, state, link, preview, onOpenPanel, onLeave }: InviteProps) {
  const [asked, setAsked] = useState(preview.joinedSpaceId);
  const space = state.spaces.find(({ id }) => id === asked);
  if (space !== undefined && isStillOut(space)) return <Asked space={space} />;
  if (asked !== null) {
    return (
      <PageFrame title={`You are in “${preview.spaceName}”`}>
        <OpenPanel onOpen={onOpenPanel} />
      </PageFrame>
    );
  }
  return (
    <PageFrame title={preview.spaceName}>
      <section class="step">
        <p class="lead">
          <bdi>{preview.inviterName}</bdi> invites you to this space. You will see what people keep
          in it, and they will see your name and what you add.
        </p>
        <dl class="facts">
          <dt>Sent by</dt>
          <dd class="mono">{preview.inviterDid}</dd>
          <dt>By way of</dt>
          <dd class="mono">{preview.relay}</dd>
        </dl>
      </section>
      {state.me === null ? (
        <section class="step">
          <h2>First, a name</h2>
          <NameForm ask={view.ask} />
        </section>
      ) : (
        <Decide view={view} link={link} onAsked={setAsked} onLeave={onLeave} />
      )}
    </PageFrame>
  );
}

/** Nobody is listed in a space before one is in. */
function isStillOut({ people }: SpaceView): boolean {
  return people.length === 0;
}

function Asked({ space }: { readonly space: SpaceView }) {
  return (
    <PageFrame title={`You have asked to join “${space.name}”`}>
      <section class="step">
        <p class="lead" role="status">
          {space.problem?.message ?? space.waitingFor}
        </p>
        <p>You can close this page. The space opens in the side panel when you are let in.</p>
      </section>
    </PageFrame>
  );
}

interface DecideProps extends Pick<JoinProps, 'view' | 'link' | 'onLeave'> {
  readonly onAsked: (spaceId: string) => void;
}

function Decide({ view, link, onAsked, onLeave }: DecideProps) {
  const task = useTask();
  const join = async () => {
    const joined = await task.run(() => view.ask('joinSpace', { link }));
    if (!joined) return;
    const { spaceId } = joined.value;
    onAsked(spaceId);
    await view.ask('openSpace', { spaceId });
  };
  return (
    <section class="step">
      <div class="buttons">
        <Button look="primary" busy={task.busy} onPress={() => void join()}>
          {task.busy ? 'Joining…' : 'Join'}
        </Button>
        <Button onPress={onLeave}>Not now</Button>
      </div>
      <FailureNote failure={task.failure} />
    </section>
  );
}
