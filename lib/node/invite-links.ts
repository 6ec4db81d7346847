// Takes an invite link before any page of the relay loads: the tab goes to the extension's own join page instead,
// which also says what is wrong with a damaged one. The relay's page is for browsers without Commonplace.
import { browser } from 'wxt/browser';
import { isInviteAddress } from '../wire/invite.ts';
import { ownAddress } from './own-address.ts';

/** Call synchronously at the top of the background. */
export function takeInviteLinks(): void {
  browser.webNavigation.onBeforeNavigate.addListener(
    ({ frameId, tabId, url }) => {
      if (frameId !== 0 || !isInviteAddress(url)) return;
      const page = new URL(ownAddress('/join.html'));
      page.hash = new URL(url).hash;
      void browser.tabs.update(tabId, { url: page.href });
    },
    { url: [{ pathSuffix: '/join' }] },
  );
}
