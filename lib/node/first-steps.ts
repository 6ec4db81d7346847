// What a person sees first: the welcome page after installation, the side panel behind the toolbar button.
import { browser } from 'wxt/browser';
import type { Node } from './node.ts';
import { ownAddress } from './own-address.ts';

/** Call synchronously at the top of the background. */
export function showWhenInstalled(node: Node): void {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') void welcome(node);
  });
  if (import.meta.env.FIREFOX) browser.action.onClicked.addListener(toggleSidebar);
  else void browser.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
}

/** Firefox's name for the side panel; the shared typings know only Chrome's. */
function toggleSidebar(): void {
  const { sidebarAction } = browser as unknown as { sidebarAction: { toggle(): Promise<void> } };
  void sidebarAction.toggle();
}

/** A browser that loads an unpacked extension calls it installed at every start, so only a newcomer is welcomed. */
async function welcome(node: Node): Promise<void> {
  if ((await node.identity()) !== null) return;
  await browser.tabs.create({ url: ownAddress('/welcome.html') });
}
