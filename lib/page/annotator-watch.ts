// Tells when a page's text may have changed and when it became another page without loading.
// A page can change a thousand times a second: changes are gathered, and the pause grows with the cost of looking.
import { pageAddress } from '../wire/annotator.ts';
import { pageRoot } from './anchor-text.ts';

const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
/** Looking again takes at most about a tenth of the time. */
const PAUSE_PER_COST = 10;

export interface PageWatch {
  /** How long the last look at the page took. */
  readonly tookMs: (milliseconds: number) => void;
  /** Asks for a look after the usual pause, as if the page had changed. */
  poke(): void;
}

export interface PageWatcher {
  changed(): void;
  /** The page's address by `pageAddress`; null for one that cannot be annotated. */
  navigated(url: string | null): void;
}

export function watchPage(watcher: PageWatcher, signal: AbortSignal): PageWatch {
  let url = pageAddress(location.href);
  let costMs = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const checkAddress = (): void => {
    const now = pageAddress(location.href);
    if (now === url || signal.aborted) return;
    url = now;
    watcher.navigated(url);
  };
  const poke = (): void => {
    checkAddress();
    if (timer !== null || signal.aborted) return;
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, costMs * PAUSE_PER_COST));
    timer = setTimeout(() => {
      timer = null;
      watcher.changed();
    }, pauseMs);
  };
  const observer = new MutationObserver(poke);
  observer.observe(document, { childList: true, subtree: true, characterData: true });
  // Themes are switched by an attribute up here; marks take the tone of the ground.
  for (const top of [document.documentElement, pageRoot()]) {
    observer.observe(top, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] });
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', poke, { signal });
  if ('navigation' in window) {
    window.navigation.addEventListener('navigatesuccess', checkAddress, { signal });
  }
  window.addEventListener('popstate', checkAddress, { signal });
  window.addEventListener('hashchange', checkAddress, { signal });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    if (timer !== null) clearTimeout(timer);
  });
  return { poke, tookMs: (milliseconds) => (costMs = milliseconds) };
}
