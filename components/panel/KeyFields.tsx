// How the keys of a new space reach the browsers in it. Folded away: the first option is right for almost everyone.
import { useId } from 'preact/hooks';
import type { PanelArgs } from '../../lib/messaging/panel.ts';
import { Choice } from '../controls/Choice.tsx';

export type Keys = NonNullable<PanelArgs['createSpace']['keys']>;

export interface KeyFieldsProps {
  readonly keys: Keys;
  readonly onChange: (keys: Keys) => void;
}

export function KeyFields({ keys, onChange }: KeyFieldsProps) {
  const group = useId();
  return (
    <details class="more">
      <summary>More</summary>
      <fieldset>
        <legend>Keys</legend>
        <Choice group={group} checked={keys === 'wrap'} onChoose={() => onChange('wrap')}>
          Standard
        </Choice>
        <Choice
          group={group}
          checked={keys === 'mls'}
          onChoose={() => onChange('mls')}
          describedBy={`${group}-hint`}
        >
          MLS (RFC 9420)
        </Choice>
        <p class="hint" id={`${group}-hint`}>
          The published standard for keys of groups. Letting someone in or out takes a little
          longer, and at most 256 browsers can be in the space. This cannot be changed later.
        </p>
      </fieldset>
    </details>
  );
}
