// The project's files as text, tracked or about to be: what every house rule reads. A rule is a function of such
// a tree, so that its own test can plant an offence in a tree of two files.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inRoot } from '../../scripts/root.ts';

/** Path from the root, with forward slashes, to content; binary files have none. */
export type Tree = ReadonlyMap<string, string>;

/** One sentence: where, what is wrong, what to do. */
export type Offence = string;

const BINARY = /\.(png|jpe?g|ico|woff2?|wasm|bin|pdf)$/;

export function readTree(): Tree {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: inRoot(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const tree = new Map<string, string>();
  for (const path of listed.split('\0')) {
    const text = path === '' ? null : readOrNull(path);
    if (text !== null) tree.set(path, BINARY.test(path) ? '' : text);
  }
  return tree;
}

/** Null for a file that git lists and that has just been deleted. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(inRoot(path), 'utf8');
  } catch {
    return null;
  }
}

export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}

export function sourcesOf(tree: Tree): [path: string, text: string][] {
  return [...tree].filter(([path]) => /\.(ts|tsx|mjs)$/.test(path));
}
