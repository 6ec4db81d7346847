// Which address a page is at, between what its document was loaded from and what its tab shows.
import { expect, test } from 'vitest';
import { addressNow } from '../../../lib/node/serve-pages.ts';

test.for([
  ['https://a.example/', 'https://a.example/two', 'https://a.example/two'],
  ['https://a.example/', 'https://a.example/', 'https://a.example/'],
  ['https://a.example/', 'https://b.example/', 'https://a.example/'],
  ['https://a.example/', 'http://a.example/', 'https://a.example/'],
  ['https://a.example/', '', 'https://a.example/'],
  ['', 'https://a.example/', ''],
] as const)('a document of %j in a tab at %j is at %j', ([loaded, tab, now]) => {
  expect(addressNow(loaded, tab)).toBe(now);
});
