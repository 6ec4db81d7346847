// Each house rule finds an offence planted for it, and only that: a rule that cannot fail keeps nothing.
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/root.ts';
import { wrongDoors } from './doors.ts';
import { runsOnImport, wrongExports } from './exports.ts';
import { lockfileGaps, registryHosts } from './lockfile.ts';
import { wrongDirections } from './rooms.ts';
import { MAX_FACTORY_LINES, MAX_FILE_LINES, MAX_FUNCTION_LINES, tooLong } from './sizes.ts';
import { bannedWords, brokenLinks, unlistedDecisions } from './texts.ts';
import { treeOf, type Offence, type Tree } from './tree.ts';

type Rule = (tree: Tree) => Offence[];
type Planted = readonly [name: string, rule: Rule, path: string, text: string, says: string];

/** A function that does little itself and holds many. */
const FACTORY = [
  'function create() {',
  ...Array(MAX_FACTORY_LINES / 10).fill(`  () => {\n${'  1;\n'.repeat(8)}  };`),
  '}',
];
const lines = (count: number) => 'void 0;\n'.repeat(count);
/** Banned words, put together so that this file does not hold them. */
const TO_DO = ['// TO', 'DO later'].join('');
const OFF = ['test.sk', "ip('a')"].join('');
const LONE = ['describe.on', "ly('a')"].join('');

const OFFENCES: readonly Planted[] = [
  [
    'an import upwards',
    wrongDirections,
    'lib/wire/a.ts',
    "import '../log/b.ts';",
    'wire may not import log',
  ],
  [
    'a type imported upwards',
    wrongDirections,
    'lib/page/a.ts',
    "import type { B } from '../node/b.ts';",
    'page may not import node',
  ],
  [
    'a re-export upwards',
    wrongDirections,
    'lib/store/a.ts',
    "export { b } from '../space/b.ts';",
    'store may not import space',
  ],
  [
    'a dynamic import upwards',
    wrongDirections,
    'relay/a.ts',
    "export const b = () => import('../bridge/b.ts');",
    'relay may not import bridge',
  ],
  [
    'two wings that import each other',
    wrongDirections,
    'lib/tools/a.ts',
    "import '../sync/b.ts';",
    'tools may not import sync',
  ],
  [
    'a room that nobody named',
    wrongDirections,
    'lib/utils/a.ts',
    'export const a = 1;',
    'no room "utils"',
  ],
  [
    'a library at a second door',
    wrongDoors,
    'lib/node/a.ts',
    "import * as A from '@automerge/automerge/slim';",
    'through space only',
  ],
  [
    'a scoped library at a second door',
    wrongDoors,
    'components/a.ts',
    "import { sha256 } from '@noble/hashes/sha2.js';",
    '@noble/hashes comes in through',
  ],
  [
    'a library without a door',
    wrongDoors,
    'lib/space/a.ts',
    "import _ from 'lodash';",
    'lodash has no door',
  ],
  [
    'Node.js in a room of the browser',
    wrongDoors,
    'lib/log/a.ts',
    "import 'node:fs';",
    'may not import node:fs',
  ],
  [
    'a long file',
    tooLong,
    'lib/wire/a.ts',
    lines(MAX_FILE_LINES + 1),
    'split lib/wire/a.ts: 251 lines',
  ],
  [
    'a long function',
    tooLong,
    'lib/wire/a.ts',
    `export function long() {\n${lines(MAX_FUNCTION_LINES)}}`,
    'split long (lib/wire/a.ts:1)',
  ],
  [
    'a long method',
    tooLong,
    'lib/wire/a.ts',
    `export class A {\n  long() {\n${lines(MAX_FUNCTION_LINES)}}\n}`,
    'split long (lib/wire/a.ts:2)',
  ],
  [
    'a long arrow',
    tooLong,
    'lib/wire/a.ts',
    `export const long = () => {\n${lines(MAX_FUNCTION_LINES)}};`,
    'split long (lib/wire/a.ts:1)',
  ],
  [
    'a factory that holds too much',
    tooLong,
    'lib/wire/a.ts',
    FACTORY.join('\n'),
    'split create (lib/wire/a.ts:1): 102 lines with all it holds',
  ],
  [
    'a long test',
    tooLong,
    'test/a.test.ts',
    `test('a', () => {\n${lines(MAX_FUNCTION_LINES)}});`,
    'split a function',
  ],
  ['a default export', wrongExports, 'lib/wire/a.ts', 'export default 1;', 'export by name'],
  [
    'a default export by another name',
    wrongExports,
    'lib/wire/a.ts',
    'const a = 1;\nexport { a as default };',
    'export by name',
  ],
  [
    'a barrel',
    wrongExports,
    'lib/wire/a.ts',
    "export { b } from './b.ts';\nexport { c } from './c.ts';",
    'a barrel',
  ],
  [
    'a star',
    wrongExports,
    'lib/wire/a.ts',
    "export * from './b.ts';\nexport const c = 1;",
    'a barrel',
  ],
  [
    'a call on import',
    runsOnImport,
    'lib/wire/a.ts',
    'const a = 1;\nconsole.log(a);',
    'lib/wire/a.ts:2',
  ],
  ['a wait on import', runsOnImport, 'scripts/a.ts', 'await Promise.resolve();', 'scripts/a.ts:1'],
  ['a path of this machine', bannedWords, 'README.md', `cd ${ROOT}`, 'README.md:1'],
  ['work left undone', bannedWords, 'lib/wire/a.ts', TO_DO, 'lib/wire/a.ts:1'],
  ['a test switched off', bannedWords, 'test/a.test.ts', OFF, 'switches tests off'],
  ['a lone test', bannedWords, 'test/a.test.ts', LONE, 'switches tests off'],
  [
    'a registry in the lockfile',
    registryHosts,
    'package-lock.json',
    '{"resolved":"https://r.invalid/a.tgz"}',
    'names a registry',
  ],
  [
    'a gap in the lockfile',
    lockfileGaps,
    'package-lock.json',
    '{"packages":{"node_modules/a":{"optionalDependencies":{"b":"1","a":"1"}}}}',
    'node_modules/a wants b',
  ],
  ['a broken link', brokenLinks, 'docs/a.md', '[b](../b.md#top)', 'links to ../b.md'],
  [
    'an unlisted decision',
    unlistedDecisions,
    'docs/decisions/0009-why.md',
    '# Why',
    '0009-why.md: not in the list',
  ],
];

test.for(OFFENCES)('finds %s', ([, rule, path, text, says]) => {
  expect(rule(treeOf({ [path]: text }))).toEqual([expect.stringContaining(says)]);
});

const GOOD: readonly (readonly [name: string, rule: Rule, path: string, text: string])[] = [
  ['an import downwards', wrongDirections, 'lib/node/a.ts', "import '../wire/b.ts';"],
  ['an import within a room', wrongDirections, 'lib/tools/mcp/a.ts', "import '../b.ts';"],
  ['a library at its door', wrongDoors, 'lib/space/a.ts', "import '@automerge/automerge/slim';"],
  ['a file of just the length', tooLong, 'lib/wire/a.ts', lines(MAX_FILE_LINES)],
  [
    'a function of just the length',
    tooLong,
    'lib/wire/a.ts',
    `function a() {\n${lines(MAX_FUNCTION_LINES - 2)}}`,
  ],
  [
    'a long group of tests',
    tooLong,
    'test/a.test.ts',
    `describe('a', () => {\n${lines(MAX_FUNCTION_LINES)}});`,
  ],
  ['a program that can be imported', runsOnImport, 'scripts/a.ts', 'if (import.meta.main) run();'],
  [
    'links that hold',
    brokenLinks,
    'docs/a.md',
    '[a](a.md#b) [c](#d) [e](https://e.invalid) [f](../docs/)',
  ],
  ['what WXT loads', wrongExports, 'entrypoints/background.ts', 'export default 1;'],
  ['the word work in a path of the house', bannedWords, 'docs/a.md', 'lib/work/announce.ts'],
];

test.for(GOOD)('has nothing against %s', ([, rule, path, text]) => {
  expect(rule(treeOf({ [path]: text }))).toEqual([]);
});
