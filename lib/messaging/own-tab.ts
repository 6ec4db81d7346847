// The tab that an extension page itself stands in.
import { browser } from 'wxt/browser';

export async function closeOwnTab(): Promise<void> {
  const tab = await browser.tabs.getCurrent();
  if (tab?.id !== undefined) await browser.tabs.remove(tab.id);
}
