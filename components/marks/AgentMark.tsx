// An agent: a dashed hexagon in the hue of the person it acts for, so that shape alone tells it from people.
import { initials } from '../../lib/view/words.ts';
import { hueStyle } from './hue.ts';

export function AgentMark({ name, hue }: { readonly name: string; readonly hue: number }) {
  return (
    <span class="mark agent" style={hueStyle(hue)} aria-hidden="true">
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5">
        <path d="M12 1.5 21 6.75v10.5L12 22.5 3 17.25V6.75Z" stroke-dasharray="3 2" />
      </svg>
      {initials(name)}
    </span>
  );
}
