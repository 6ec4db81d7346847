import { expect, test } from 'vitest';
import { chooseTab } from '../../../lib/messaging/current-tab.ts';

const ROOT = 'chrome-extension://abc/';
const web = { id: 1, url: 'https://example.org/', active: false, lastAccessed: 5 };
const older = { id: 2, url: 'http://old.example/', active: false, lastAccessed: 1 };
const own = { id: 3, url: `${ROOT}sidepanel.html`, active: true, lastAccessed: 9 };

test('the active tab is the page', () => {
  expect(chooseTab([older, { ...web, active: true }], ROOT)).toEqual({ url: web.url, tabId: 1 });
});

test('when the panel itself stands in the active tab, the page is the one used last', () => {
  expect(chooseTab([older, web, own], ROOT)).toEqual({ url: web.url, tabId: 1 });
});

test.each([
  'chrome://settings/',
  'about:blank',
  'view-source:https://a.example/',
  'data:text/html,x',
])('%s is no page to annotate', (url) => {
  expect(chooseTab([older, { id: 4, url, active: true }], ROOT)).toBeNull();
});

test('without any tab there is no page', () => {
  expect(chooseTab([], ROOT)).toBeNull();
  expect(chooseTab([own], ROOT)).toBeNull();
});
