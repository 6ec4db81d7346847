// Each foreign library comes in by one door: the rooms named here. Everyone else asks those rooms.
import { roomOf } from './rooms.ts';
import { parseModule } from './syntax.ts';
import { sourcesOf, type Offence, type Tree } from './tree.ts';

const KEYS = ['identity', 'group', 'log'];
const SCREEN = ['components', 'entrypoints', 'view'];
const BROWSER_API = ['entrypoints', 'messaging', 'node', 'tools', 'agents', 'transport', ''];
const WORKSHOP = ['scripts', ''];

/** Package, or the scope of several, to the rooms that may import it. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@automerge/automerge': ['space'],
  diff: ['space'],
  peerjs: ['transport'],
  idb: ['store'],
  '@noble': KEYS,
  '@scure': KEYS,
  '@hpke': KEYS,
  'ts-mls': ['group'],
  cborg: ['wire'],
  '@modelcontextprotocol': ['tools', 'bridge'],
  preact: SCREEN,
  '@preact/signals': SCREEN,
  'lucide-preact': ['components', 'entrypoints'],
  '@fontsource-variable': ['components', 'entrypoints'],
  ws: ['relay', 'bridge', 'scripts'],
  commander: ['bridge'],
  '@mozilla/readability': ['page'],
  turndown: ['page'],
  'approx-string-match': ['page'],
  'aria-query': ['page'],
  'dom-accessibility-api': ['page'],
  wxt: BROWSER_API,
  '@wxt-dev/webextension-polyfill': BROWSER_API,
  vite: WORKSHOP,
  vitest: WORKSHOP,
  prettier: WORKSHOP,
  '@preact/preset-vite': WORKSHOP,
};

/** Parses what comes from outside, so it stands at every edge. */
const EVERYWHERE = ['zod'];
/** These run in Node.js; every other room also runs in a browser. */
const NODE_ROOMS = ['relay', 'bridge', 'scripts', ''];
/** These stand outside the product and may use anything. */
const OUTSIDE = ['test', 'bench'];

export function wrongDoors(tree: Tree): Offence[] {
  return sourcesOf(tree).flatMap(([path, text]) => {
    const room = roomOf(path);
    if (OUTSIDE.includes(room)) return [];
    return parseModule(path, text)
      .imports.filter((specifier) => /^[@a-z]/.test(specifier))
      .flatMap((specifier) => offenceFor(path, room, specifier));
  });
}

function offenceFor(path: string, room: string, specifier: string): Offence[] {
  if (specifier.startsWith('node:')) {
    return NODE_ROOMS.includes(room)
      ? []
      : [`${path}: ${room} also runs in a browser and may not import ${specifier}; use a web API`];
  }
  const name = packageOf(specifier);
  if (EVERYWHERE.includes(name)) return [];
  const rooms = DOORS[name] ?? DOORS[name.split('/')[0] ?? ''];
  if (!rooms) return [`${path}: ${name} has no door yet; give it one in test/house/doors.ts`];
  if (rooms.includes(room)) return [];
  return [`${path}: ${name} comes in through ${rooms.join(', ')} only; ask a piece of that room`];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
