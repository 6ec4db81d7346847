// Who wants to know that something changed. A listener that throws does not keep the others from hearing.

export interface Listeners {
  tell(): void;
  /** Returns how to stop listening. */
  add(listener: () => void): () => void;
}

export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    tell() {
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          // A bug of that listener: report it as uncaught, outside the work that told it.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
