// Takes an invite link before any page of the relay loads: the tab goes to the extension's own join page instead.
import { browser } from 'wxt/browser';
import { parseInviteLink } from '../wire/invite.ts';
import { ownAddress } from './own-address.ts';

/** Call synchronously at the top of the background. */
export function takeInviteLinks(): void {
  browser.webNavigation.onBeforeNavigate.addListener(
    ({ frameId, tabId, url }) => {
      if (frameId !== 0 || !parseInviteLink(url).ok) return;
      const page = new URL(ownAddress('/join.html'));
      page.hash = new URL(url).hash;
      void browser.tabs.update(tabId, { url: page.href });
    },
    { url: [{ pathSuffix: '/join' }] },
  );
}
