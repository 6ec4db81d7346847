// The observable state of a peer host.
import type { PeerHostState } from './peer-host.ts';

export function createStateCell() {
  const listeners = new Set<(state: PeerHostState) => void>();
  let state: PeerHostState = 'connecting';
  return {
    get: () => state,
    set(next: PeerHostState): void {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener(next);
    },
    observe(listener: (state: PeerHostState) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
