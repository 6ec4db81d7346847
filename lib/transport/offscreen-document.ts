// Chrome's offscreen document as the link needs it. Not on Firefox, which has no such thing.
import { browser } from 'wxt/browser';
import type { OffscreenDocument } from './offscreen-link.ts';

/** `path` is the page's path in the extension, e.g. `offscreen.html`. */
export function chromeOffscreenDocument(path: string): OffscreenDocument {
  let making: Promise<void> | null = null;

  async function make(): Promise<void> {
    const existing = await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
    if (existing.length > 0) return;
    await browser.offscreen.createDocument({
      url: path,
      reasons: ['WEB_RTC', 'WORKERS'],
      justification:
        'Connects directly to the people you share with and keeps documents in a worker.',
    });
  }

  return {
    // Chrome refuses a second document while the first is being made, so there is one attempt at a time.
    ensure() {
      making ??= make().finally(() => (making = null));
      return making;
    },
    async close() {
      const existing = await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
      if (existing.length > 0) await browser.offscreen.closeDocument();
    },
  };
}
