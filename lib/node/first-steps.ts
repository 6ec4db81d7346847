// What a person sees first: the welcome page after installation, the side panel behind the toolbar button.
import { browser } from 'wxt/browser';
import { ownAddress } from './own-address.ts';

/** Call synchronously at the top of the background. */
export function showWhenInstalled(): void {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') void welcome();
  });
  if (import.meta.env.FIREFOX) return;
  void browser.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
}

async function welcome(): Promise<void> {
  await browser.tabs.create({ url: ownAddress('/welcome.html') });
}
