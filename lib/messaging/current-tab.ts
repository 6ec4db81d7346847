// Which web page the window that holds this extension page is showing. The panel asks for that page's annotations.
import { browser } from 'wxt/browser';

export interface CurrentTab {
  readonly url: string;
  readonly tabId: number;
}

interface TabLike {
  readonly id?: number | undefined;
  readonly url?: string | undefined;
  readonly active: boolean;
  readonly lastAccessed?: number | undefined;
}

/**
 * The page to look at among a window's tabs: the active one, or, when that is a page of this extension
 * itself, the web page used last. Null when there is none that can be annotated.
 */
export function chooseTab(tabs: readonly TabLike[], ownRoot: string): CurrentTab | null {
  const active = tabs.find((tab) => tab.active);
  const shown = active?.url?.startsWith(ownRoot) ? lastUsedWebPage(tabs) : active;
  return shown?.id !== undefined && isWebPage(shown.url)
    ? { url: shown.url, tabId: shown.id }
    : null;
}

function lastUsedWebPage(tabs: readonly TabLike[]): TabLike | undefined {
  return tabs
    .filter((tab) => isWebPage(tab.url))
    .toSorted((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
}

function isWebPage(url: string | undefined): url is string {
  return url !== undefined && /^(https?|file):/.test(url);
}

/** Tells now and after each change which page is shown, until the extension page goes away. */
export function followCurrentTab(tell: (tab: CurrentTab | null) => void): void {
  const ownRoot = new URL('/', location.href).href;
  const look = async (): Promise<void> => {
    tell(chooseTab(await browser.tabs.query({ currentWindow: true }), ownRoot));
  };
  const lookAgain = (): void => void look().catch(() => tell(null));
  browser.tabs.onActivated.addListener(lookAgain);
  browser.tabs.onRemoved.addListener(lookAgain);
  browser.tabs.onUpdated.addListener((_tabId, change) => {
    if (change.url !== undefined || change.status === 'complete') lookAgain();
  });
  lookAgain();
}
