// A person: a round mark, filled while they are here, an outline while they are away.
import { initials } from '../../lib/view/words.ts';
import { hueStyle } from './hue.ts';

export interface PersonMarkProps {
  readonly name: string;
  readonly hue: number;
  readonly away?: boolean;
}

export function PersonMark({ name, hue, away = false }: PersonMarkProps) {
  return (
    <span class={`mark person${away ? ' away' : ''}`} style={hueStyle(hue)} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
