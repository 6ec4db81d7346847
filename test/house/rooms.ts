// The rooms of the house: which may import which. Arrows point down this list and never up.
import { posix } from 'node:path';
import { parseModule } from './syntax.ts';
import { sourcesOf, type Offence, type Tree } from './tree.ts';

const GROUND = ['wire'];
const FOUNDATIONS = [...GROUND, 'identity', 'store', 'log'];
const MIDDLE = [...FOUNDATIONS, 'transport', 'group', 'space', 'blob', 'authority'];
const WINGS = ['agents', 'work', 'tools', 'sync', 'directory'];

/** A room may import itself and what stands here; a room that is not here may not be at all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  identity: GROUND,
  store: GROUND,
  transport: GROUND,
  log: ['wire', 'identity', 'store'],
  group: FOUNDATIONS,
  blob: FOUNDATIONS,
  authority: FOUNDATIONS,
  space: [...FOUNDATIONS, 'group'],
  ...Object.fromEntries(WINGS.map((wing) => [wing, MIDDLE])),
  messaging: GROUND,
  node: [...MIDDLE, ...WINGS, 'messaging'],
  page: GROUND,
  view: ['messaging', 'wire'],
  components: ['view', 'messaging', 'wire'],
  // Each entry wires one browser context: a page of ours, the node, a web page, the channels, the documents.
  entrypoints: ['components', 'view', 'messaging', 'node', 'page', 'transport', 'space', 'wire'],
  // The relay reads control logs, to know whom a space still lets in; it holds no key.
  relay: ['wire', 'identity', 'log', 'store', 'blob', 'sync', 'transport', 'group'],
  bridge: ['wire', 'identity', 'log', 'tools', 'relay'],
  // The simulation stands among the tests, and a command runs it.
  scripts: ['wire', 'authority', 'tools', 'bridge', 'test'],
};

/** Places that look at everything from outside. */
const OUTSIDE = ['test', 'bench', ''];

/** `lib/wire/bytes.ts` is in `wire`, `relay/main.ts` in `relay`, a file at the root in ''. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts.length === 1) return '';
  return (parts[0] === 'lib' ? parts[1] : parts[0]) ?? '';
}

export function wrongDirections(tree: Tree): Offence[] {
  return sourcesOf(tree).flatMap(([path, text]) => {
    const room = roomOf(path);
    if (OUTSIDE.includes(room)) return [];
    const allowed = MAY_IMPORT[room];
    if (!allowed) {
      return [
        `${path}: there is no room "${room}"; name it in test/house/rooms.ts, or move the file`,
      ];
    }
    return roomsImportedBy(path, text)
      .filter((target) => target !== room && !allowed.includes(target))
      .map((target) => wrongDirection(path, room, target, allowed));
  });
}

function roomsImportedBy(path: string, text: string): string[] {
  return parseModule(path, text)
    .imports.filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => roomOf(posix.join(posix.dirname(path), specifier)));
}

function wrongDirection(
  path: string,
  room: string,
  target: string,
  allowed: readonly string[],
): Offence {
  const list = allowed.length > 0 ? allowed.join(', ') : 'nothing';
  return (
    `${path}: ${room} may not import ${target || 'a file at the root'}, only ${list}; ` +
    'pass what it needs in as an argument, or move the piece to the room that both may import'
  );
}
