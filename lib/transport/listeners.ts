// A set of callbacks that are told one kind of thing.
export interface Listeners<T> {
  /** Returns what removes it again. */
  add(listener: (told: T) => void): () => void;
  tell(what: T): void;
}

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(told: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(what) {
      for (const listener of listeners) listener(what);
    },
  };
}
