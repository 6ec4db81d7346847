// The list of spaces to switch between, and what can be done with them: make, join, rename, leave.
import { useState } from 'preact/hooks';
import { Check, Link, Pencil, Plus } from 'lucide-preact';
import { MAX_NAME_LENGTH } from '../../lib/messaging/panel.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { ShowMore } from '../controls/ShowMore.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { useTask } from '../use-task.ts';
import { JoinByLink, NewSpace } from './SpaceForms.tsx';

const STEP = 50;

export interface SpaceSheetProps {
  readonly state: PanelState;
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

type Form = 'new' | 'join' | 'rename';

export function SpaceSheet({ state, space, ask, onDone }: SpaceSheetProps) {
  const [form, setForm] = useState<Form | null>(null);
  const [shown, setShown] = useState(STEP);
  const task = useTask();
  const back = () => setForm(null);
  if (form === 'new')
    return (
      <Sheet>
        <NewSpace ask={ask} autoFocus onDone={onDone} onCancel={back} />
      </Sheet>
    );
  if (form === 'join')
    return (
      <Sheet>
        <JoinByLink ask={ask} autoFocus onDone={onDone} onCancel={back} />
      </Sheet>
    );
  if (form === 'rename')
    return (
      <Sheet>
        <Rename space={space} ask={ask} onDone={onDone} onCancel={back} />
      </Sheet>
    );
  const open = async (spaceId: string) => {
    if (await task.run(() => ask('openSpace', { spaceId }))) onDone();
  };
  return (
    <div class="sheet">
      <ul class="space-list" aria-label="Your spaces">
        {state.spaces.slice(0, shown).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              aria-current={one.id === space.id}
              onClick={() => void open(one.id)}
            >
              <span class="one-line" title={one.name}>
                <bdi>{one.name}</bdi>
              </span>
              <span class="quiet">{one.unsent > 0 ? `${one.unsent} not sent` : ''}</span>
              {one.id === space.id && <Check size={16} aria-hidden />}
            </button>
          </li>
        ))}
      </ul>
      <ShowMore
        left={state.spaces.length - shown}
        step={STEP}
        onMore={() => setShown(shown + STEP)}
      />
      <FailureNote failure={task.failure} />
      <div class="buttons">
        <Button onPress={() => setForm('new')}>
          <Plus size={16} aria-hidden /> New space
        </Button>
        <Button onPress={() => setForm('join')}>
          <Link size={16} aria-hidden /> Join by link
        </Button>
        <Button onPress={() => setForm('rename')}>
          <Pencil size={16} aria-hidden /> Rename
        </Button>
      </div>
      <Leave space={space} ask={ask} onDone={onDone} />
    </div>
  );
}

function Sheet({ children }: { readonly children: preact.ComponentChildren }) {
  return <div class="sheet">{children}</div>;
}

interface FormProps {
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onDone: () => void;
  readonly onCancel?: () => void;
}

function Rename({ space, ask, onDone, ...rest }: FormProps) {
  return (
    <TextForm
      {...rest}
      label="Name of the space"
      hint="Everyone in it sees the new name."
      action="Rename"
      autoFocus
      initial={space.name}
      maxLength={MAX_NAME_LENGTH}
      onSubmit={async (name) => {
        const renamed = await ask('renameSpace', { spaceId: space.id, name });
        if (renamed.ok) onDone();
        return renamed;
      }}
    />
  );
}

function Leave({ space, ask, onDone }: FormProps) {
  const task = useTask();
  const leave = async () => {
    if (await task.run(() => ask('leaveSpace', { spaceId: space.id }))) onDone();
  };
  return (
    <div class="stack">
      <Confirm
        ask={`Remove “${space.name}” from this browser? Others keep theirs. ${space.unsent > 0 ? 'What is not sent yet is lost.' : 'To come back you need an invite link.'}`}
        doIt="Remove this space here"
        keep="Keep it"
        busy={task.busy}
        onConfirm={() => void leave()}
      />
      <FailureNote failure={task.failure} />
    </div>
  );
}
