// The edges of a node to the browser it lives in: storage, tabs, the native host and the place behind the scenes.
import { browser } from 'wxt/browser';
import { connectNativeHost } from '../agents/browser-port.ts';
import { openNodeStore } from '../store/indexeddb-store.ts';
import { createBrowserSession } from '../tools/browser-session.ts';
import { createBrowserTabs } from '../tools/browser-tabs.ts';
import type { Backstage } from '../transport/backstage.ts';
import { launchConfig, type LaunchConfig } from '../wire/launch-config.ts';
import { deviceLabel } from './device-label.ts';
import type { PageTabs } from './open-pages.ts';
import type { NodeEdges } from './start-desk.ts';
import { ownAddress } from './own-address.ts';

/** `stage` starts a backstage; it is called again only after the one before was lost. */
export async function openBrowserEdges(stage: () => Promise<Backstage | null>): Promise<NodeEdges> {
  const [store, launch] = await Promise.all([openNodeStore(), readLaunchConfig()]);
  return {
    store,
    backstage: keptBackstage(stage),
    connectNative: connectNativeHost,
    tabDriver: createBrowserTabs(),
    pageTabs: browserPageTabs(),
    session: createBrowserSession(),
    launch,
    label: deviceLabel(navigator.userAgent),
    version: browser.runtime.getManifest().version,
    now: Date.now,
  };
}

/** One backstage at a time, started when first asked for and again after it was lost. */
function keptBackstage(stage: () => Promise<Backstage | null>): () => Promise<Backstage | null> {
  let current: Promise<Backstage | null> | null = null;
  const start = async (): Promise<Backstage | null> => {
    const live = await stage();
    if (live === null) current = null;
    void live?.lost.then(() => {
      current = null;
    });
    return live;
  };
  return () => (current ??= start());
}

/** Null where the extension's package has no such file, which is everywhere but in a start from a checkout. */
async function readLaunchConfig(): Promise<LaunchConfig | null> {
  try {
    const response = await fetch(ownAddress('/launch.json'));
    return launchConfig.parse(await response.json());
  } catch {
    return null;
  }
}

function browserPageTabs(): PageTabs {
  return {
    list: async () => {
      const tabs = await browser.tabs.query({});
      return tabs.flatMap(({ id, url, title, discarded }) =>
        id === undefined || url === undefined || discarded ? [] : [{ id, url, title: title ?? '' }],
      );
    },
    send: (tabId, message) =>
      // A tab without our content script has no one who listens: that is no error.
      browser.tabs.sendMessage(tabId, message, { frameId: 0 }).catch(() => undefined),
  };
}
