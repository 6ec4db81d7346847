// What keeps a node at work in a browser that stops idle workers: it is started again, and looks for its relays.
import { browser } from 'wxt/browser';
import type { Node } from './node.ts';

const ALARM = 'commonplace-wake';

/** Call synchronously at the top of the background. */
export function keepAwake(node: Node): void {
  browser.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === ALARM) node.retryNow();
  });
  void browser.alarms.create(ALARM, { periodInMinutes: 0.5 });
  self.addEventListener('online', () => node.retryNow());
}
