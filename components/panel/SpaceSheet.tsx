// The list of spaces to switch between, and what can be done with them: make, join, rename, leave.
import { useState } from 'preact/hooks';
import { Link, Pencil, Plus } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PanelState, SpaceView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { LeaveSpace } from './LeaveSpace.tsx';
import { JoinByLink, NewSpace, RenameSpace } from './SpaceForms.tsx';
import { SpaceList } from './SpaceList.tsx';

export interface SpaceSheetProps {
  readonly state: PanelState;
  readonly space: SpaceView;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

type Form = 'new' | 'join' | 'rename';

export function SpaceSheet({ state, space, ask, onDone }: SpaceSheetProps) {
  const [form, setForm] = useState<Form | null>(null);
  const shared = { ask, autoFocus: true, onDone, onCancel: () => setForm(null) };
  return (
    <div class="sheet">
      {form === 'new' && <NewSpace {...shared} />}
      {form === 'join' && <JoinByLink {...shared} />}
      {form === 'rename' && <RenameSpace {...shared} space={space} />}
      {form === null && (
        <>
          <SpaceList spaces={state.spaces} openId={space.id} ask={ask} onDone={onDone} />
          <FormButtons onChoose={setForm} />
          <LeaveSpace space={space} ask={ask} onDone={onDone} />
        </>
      )}
    </div>
  );
}

function FormButtons({ onChoose }: { readonly onChoose: (form: Form) => void }) {
  return (
    <div class="buttons">
      <Button onPress={() => onChoose('new')}>
        <Plus size={16} aria-hidden /> New space
      </Button>
      <Button onPress={() => onChoose('join')}>
        <Link size={16} aria-hidden /> Join by link
      </Button>
      <Button onPress={() => onChoose('rename')}>
        <Pencil size={16} aria-hidden /> Rename
      </Button>
    </div>
  );
}
