// The content script of the page tests: an engine where a test can reach it, and nothing else.
import { createPageEngine, type PageEngine } from '../../lib/page/engine.ts';
import { parsePageRequest } from '../../lib/wire/page.ts';

declare global {
  var pageEngine: PageEngine | undefined;
  var askPage: (request: unknown) => Promise<unknown>;
}

globalThis.askPage = async (request) => {
  globalThis.pageEngine ??= createPageEngine({
    closedShadow: (element) =>
      element instanceof HTMLElement && 'dom' in (globalThis.chrome ?? {})
        ? chrome.dom.openOrClosedShadowRoot(element)
        : null,
  });
  const parsed = parsePageRequest(request);
  if (!parsed.ok) return parsed;
  return globalThis.pageEngine.run(parsed.value, new AbortController().signal);
};
