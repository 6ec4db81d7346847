// `storage.session`: in memory, gone with the browser, kept when the node's process is stopped.
import { browser } from 'wxt/browser';
import type { SessionStore } from '../authority/session-store.ts';

export function createBrowserSession(): SessionStore {
  return {
    async get(key) {
      const found: Record<string, unknown> = await browser.storage.session.get(key);
      return found[key];
    },
    set: (key, value) => browser.storage.session.set({ [key]: value }),
  };
}
