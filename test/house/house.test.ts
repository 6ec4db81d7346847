// The rules of the house, kept by the tree as it stands. Each message says what to do.
import { expect, test } from 'vitest';
import { wrongDoors } from './doors.ts';
import { runsOnImport, wrongExports } from './exports.ts';
import { lockfileGaps, registryHosts } from './lockfile.ts';
import { wrongDirections } from './rooms.ts';
import { tooLong } from './sizes.ts';
import { bannedWords, brokenLinks, unlistedDecisions } from './texts.ts';
import { readTree } from './tree.ts';

const tree = readTree();

test.for([
  ['rooms import only rooms below them', wrongDirections],
  ['foreign libraries come in by their one door', wrongDoors],
  ['no file and no function is too long', tooLong],
  ['things are exported by name, from where they are made', wrongExports],
  ['nothing happens on import', runsOnImport],
  ['no file names this machine, undone work or a test switched off', bannedWords],
  ['the lockfile names no registry', registryHosts],
  ['the lockfile has no gaps', lockfileGaps],
  ['documents point only to what is there', brokenLinks],
  ['every decision is in the list of decisions', unlistedDecisions],
] as const)('%s', ([, rule]) => {
  expect(rule(tree)).toEqual([]);
});

test('the tree that is looked at is the whole one', () => {
  for (const path of ['package.json', 'scripts/bootstrap.mjs', 'test/house/house.test.ts']) {
    expect(tree.has(path)).toBe(true);
  }
});
