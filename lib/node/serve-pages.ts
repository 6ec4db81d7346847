// The background's end of the messages from content scripts, and of the keyboard shortcut.
import { browser } from 'wxt/browser';
import { parseAnnotatorRequest } from '../wire/annotator.ts';
import { ok } from '../wire/failure.ts';
import type { Node } from './node.ts';
import { ownAddress } from './own-address.ts';

/** Call synchronously at the top of the background. */
export function servePages(node: Node): void {
  browser.runtime.onMessage.addListener((message: unknown, sender, reply) => {
    // Only top frames of tabs annotate; the browser, not the page, says which document it is.
    const { tab, url, frameId } = sender;
    if (sender.id !== browser.runtime.id || tab?.id === undefined || frameId !== 0)
      return undefined;
    if (parseAnnotatorRequest(message)?.type === 'panel.open') {
      void openPanel(tab.windowId).then(reply);
      return true;
    }
    const answer = node.answerPage(message, addressNow(url ?? '', tab.url ?? ''));
    if (answer === null) return undefined;
    void answer.then(reply);
    return true;
  });
  browser.commands.onCommand.addListener((command, tab) => {
    if (command === 'annotate' && tab?.id !== undefined) void node.beginAnnotation(tab.id);
  });
}

/**
 * Chrome gives the address that a document was loaded from, which is old news in a page that changes its address
 * without loading. Its tab knows better, but may be at another site already when a last word of the old page comes.
 */
export function addressNow(loadedFrom: string, tabUrl: string): string {
  const [loaded, shown] = [URL.parse(loadedFrom), URL.parse(tabUrl)];
  const isSameSite = loaded !== null && shown !== null && loaded.origin === shown.origin;
  return isSameSite ? tabUrl : loadedFrom;
}

/** Chrome lets a message that a click caused open the panel; elsewhere the page in a tab must do. */
async function openPanel(windowId: number) {
  try {
    await browser.sidePanel.open({ windowId });
  } catch {
    await browser.tabs.create({ url: ownAddress('/sidepanel.html') });
  }
  return ok(null);
}
