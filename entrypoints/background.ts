// Starts the node. All listeners are set before the first task ends, so that any of these events can wake it.
import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { servePanel } from '../lib/messaging/serve.ts';
import { openBrowserEdges } from '../lib/node/browser-edges.ts';
import { chromeStage, firefoxStage } from '../lib/node/stages.ts';
import { takeInviteLinks } from '../lib/node/invite-links.ts';
import { createNode } from '../lib/node/node.ts';
import { servePages } from '../lib/node/serve-pages.ts';
import { showWhenInstalled } from '../lib/node/first-steps.ts';
import { keepAwake } from '../lib/node/wake.ts';
import { ownAddress } from '../lib/node/own-address.ts';

export default defineBackground({
  type: 'module',
  main: () => {
    const stage = import.meta.env.FIREFOX ? firefoxStage(startWorker) : chromeStage();
    const node = createNode(() => openBrowserEdges(stage));
    const { handlers, feed } = node;
    servePanel({ runtime: browser.runtime, root: ownAddress('/'), handlers, feed });
    servePages(node);
    takeInviteLinks();
    showWhenInstalled(node);
    keepAwake(node);
    // A scripted start asks this of the service worker to learn when it may hand the browser over.
    Object.assign(globalThis, { commonplaceReady: () => node.identity() });
  },
});

function startWorker(): Worker {
  return new Worker(new URL('../lib/space/worker/main.ts', import.meta.url), { type: 'module' });
}
