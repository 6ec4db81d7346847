// The observable state of a peer host.
import { createListeners } from './listeners.ts';
import type { PeerHostState } from './peer-host.ts';

export interface StateCell {
  get(): PeerHostState;
  set(next: PeerHostState): void;
  observe(listener: (state: PeerHostState) => void): () => void;
}

export function createStateCell(initial: PeerHostState = 'connecting'): StateCell {
  const listeners = createListeners<PeerHostState>();
  let state = initial;
  return {
    get: () => state,
    set(next) {
      if (next === state) return;
      state = next;
      listeners.tell(next);
    },
    observe: (listener) => listeners.add(listener),
  };
}
