// The list of spaces to switch between, and what can be done with them: make, join, rename, leave.
import { useState } from 'preact/hooks';
import { Download, GitFork, History, Link, Pencil, Plus } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { ExportSpace } from '../past/ExportSpace.tsx';
import { ForkSpace } from '../past/ForkSpace.tsx';
import { LeaveSpace } from './LeaveSpace.tsx';
import { JoinByLink, NewSpace, RenameSpace } from './SpaceForms.tsx';
import { SpaceList } from './SpaceList.tsx';

export interface SpaceSheetProps {
  readonly state: PanelState;
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

type Form = 'new' | 'join' | 'rename' | 'export' | 'fork';

export function SpaceSheet({ state, space, ask, onDone }: SpaceSheetProps) {
  const [form, setForm] = useState<Form | null>(null);
  const shared = { ask, autoFocus: true, onDone, onCancel: () => setForm(null) };
  return (
    <div class="sheet">
      {form === 'new' && <NewSpace {...shared} />}
      {form === 'join' && <JoinByLink {...shared} />}
      {form === 'rename' && <RenameSpace {...shared} space={space} />}
      {form === 'export' && <ExportSpace {...shared} space={space} />}
      {form === 'fork' && <ForkSpace {...shared} space={space} after={null} />}
      {form === null && (
        <>
          <SpaceList spaces={state.spaces} openId={space.id} ask={ask} onDone={onDone} />
          <FormButtons space={space} onChoose={setForm} />
          <LeaveSpace space={space} ask={ask} onDone={onDone} />
        </>
      )}
    </div>
  );
}

interface FormButtonsProps {
  readonly space: SpaceView;
  readonly onChoose: (form: Form) => void;
}

function FormButtons({ space, onChoose }: FormButtonsProps) {
  return (
    <div class="buttons">
      <Button onPress={() => onChoose('new')}>
        <Plus size={16} aria-hidden /> New space
      </Button>
      <Button onPress={() => onChoose('join')}>
        <Link size={16} aria-hidden /> Join by link
      </Button>
      {space.archive === null && (
        <Button onPress={() => onChoose('rename')}>
          <Pencil size={16} aria-hidden /> Rename
        </Button>
      )}
      {space.people.length > 0 && <PastButtons space={space} onChoose={onChoose} />}
    </div>
  );
}

function PastButtons({ space, onChoose }: FormButtonsProps) {
  return (
    <>
      <a class="button" href={`/lookback.html#${space.id}`} target="_blank" rel="noreferrer">
        <History size={16} aria-hidden /> Look back
      </a>
      <Button onPress={() => onChoose('export')}>
        <Download size={16} aria-hidden /> Export…
      </Button>
      <Button onPress={() => onChoose('fork')}>
        <GitFork size={16} aria-hidden /> Make a new space from this one…
      </Button>
    </>
  );
}
