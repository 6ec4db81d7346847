// What kinds of thing an agent may do. Reading is always part of a permission.
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import type { DraftFieldsProps } from './SiteFields.tsx';

export interface VerbFieldsProps extends DraftFieldsProps {
  readonly spaces: readonly SpaceView[];
}

export function VerbFields({ draft, spaces, onChange }: VerbFieldsProps) {
  return (
    <fieldset>
      <legend>What</legend>
      <label class="choice">
        <input type="checkbox" checked disabled />
        <span>Read pages there</span>
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={draft.mayAct}
          onChange={(event) => onChange({ mayAct: event.currentTarget.checked })}
        />
        <span>Open pages, click and fill in</span>
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={draft.mayAnnotate}
          onChange={(event) => onChange({ mayAnnotate: event.currentTarget.checked })}
        />
        <span>Annotate{inWords(draft.spaces, spaces)}</span>
      </label>
    </fieldset>
  );
}

function inWords(chosen: 'all' | readonly string[], spaces: readonly SpaceView[]): string {
  if (chosen === 'all') return ' in all your spaces';
  const names = spaces.filter((space) => chosen.includes(space.id)).map((space) => space.name);
  return names.length === 0 ? '' : ` in ${names.map((name) => `“${name}”`).join(', ')}`;
}
