// Opening the side panel from another extension page. Both browsers allow it only while handling a click or a
// key, so nothing may be awaited first: the window is looked up beforehand.
import { browser } from 'wxt/browser';
import type { Result } from '../wire/failure.ts';
import { fail, ok } from '../wire/failure.ts';

/** Call when the page starts; call the result from a click. */
export async function prepareSidePanel(): Promise<() => Promise<Result<null>>> {
  const { id: windowId } = await browser.windows.getCurrent();
  return async () => {
    try {
      await (firefoxSidebar()?.open() ?? browser.sidePanel.open({ windowId: windowId ?? -1 }));
      return ok(null);
    } catch {
      return fail(
        'unavailable',
        'The browser did not open the side panel.',
        'Click the Commonplace mark in the toolbar, or choose it from the browser’s sidebar menu.',
      );
    }
  };
}

interface Sidebar {
  open(): Promise<void>;
}

/** Firefox calls its side panel the sidebar; the shared typings know only Chrome's. */
function firefoxSidebar(): Sidebar | undefined {
  const api: object = browser;
  return 'sidebarAction' in api && isSidebar(api.sidebarAction) ? api.sidebarAction : undefined;
}

function isSidebar(value: unknown): value is Sidebar {
  return typeof value === 'object' && value !== null && 'open' in value;
}
