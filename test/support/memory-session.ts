// The browser's session storage in memory: values go in and out as JSON, like the real one.
import type { SessionStore } from '../../lib/authority/session-store.ts';

export function createMemorySession(): SessionStore {
  const values = new Map<string, string>();
  return {
    get: (key) => {
      const text = values.get(key);
      return Promise.resolve(text === undefined ? undefined : JSON.parse(text));
    },
    set: (key, value) => {
      values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}
