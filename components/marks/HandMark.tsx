// Whose hand did something, as a mark and as words.
import type { Hand } from '../../lib/messaging/panel-state.ts';
import { AgentMark } from './AgentMark.tsx';
import { PersonMark } from './PersonMark.tsx';

export function HandMark({ hand }: { readonly hand: Hand }) {
  return hand.kind === 'agent' ? (
    <AgentMark name={hand.name} hue={hand.hue} />
  ) : (
    <PersonMark name={hand.name} hue={hand.hue} />
  );
}

export function HandName({ hand }: { readonly hand: Hand }) {
  return (
    <span class="who">
      <bdi>{hand.name}</bdi>
      {hand.onBehalfOf !== null && (
        <span class="quiet">
          {' '}
          for <bdi>{hand.onBehalfOf}</bdi>
        </span>
      )}
    </span>
  );
}
