// Words that must not stand in any file: paths of one machine, work left undone, tests switched off; and links that
// lead nowhere. The words are put together here so that this file does not hold them.
import { homedir } from 'node:os';
import { posix } from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import type { Offence, Tree } from './tree.ts';

interface Banned {
  readonly pattern: RegExp;
  readonly why: string;
}

const MACHINE = 'is a path of one machine; make it from the root, the home or a temporary folder';
const UNDONE = 'marks work left undone; do it, or write an issue';
const OFF = 'switches tests off; mend or remove them';

const BANNED: readonly Banned[] = [
  { pattern: literal(ROOT), why: MACHINE },
  { pattern: literal(`${homedir()}/`), why: MACHINE },
  { pattern: new RegExp(`(?<![\\w.-])${joined('/wo', 'rk/')}(main|shared)`), why: MACHINE },
  { pattern: literal(joined('../sha', 'red/')), why: MACHINE },
  { pattern: anyWord(joined('TO', 'DO'), joined('FIX', 'ME'), joined('XX', 'X')), why: UNDONE },
  {
    pattern: new RegExp(`\\b(describe|suite|test|it)\\.${anyWord('skip', 'only', 'todo').source}`),
    why: OFF,
  },
];

export function bannedWords(tree: Tree): Offence[] {
  return [...tree].flatMap(([path, text]) =>
    path === 'package-lock.json' ? [] : text.split('\n').flatMap(offencesAt(path)),
  );
}

function offencesAt(path: string): (line: string, index: number) => Offence[] {
  return (line, index) =>
    BANNED.flatMap(({ pattern, why }) => {
      const found = pattern.exec(line);
      return found ? [`${path}:${index + 1}: "${found[0]}" ${why}`] : [];
    }).slice(0, 1);
}

/** Every decision is found from the list of decisions. */
export function unlistedDecisions(tree: Tree): Offence[] {
  const folder = 'docs/decisions/';
  const list = tree.get(`${folder}README.md`) ?? '';
  return [...tree.keys()]
    .filter((path) => path.startsWith(folder) && path !== `${folder}README.md`)
    .map((path) => path.slice(folder.length))
    .filter((name) => !list.includes(`(${name})`))
    .map((name) => `${folder}${name}: not in the list; add it to ${folder}README.md`);
}

/** What a document points to is there: a file, or a folder with files in it. */
export function brokenLinks(tree: Tree): Offence[] {
  const paths = [...tree.keys()];
  const isThere = (target: string) =>
    paths.some((path) => path === target || path.startsWith(`${target}/`));
  return [...tree]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, text]) =>
      linksIn(text)
        .filter((link) => !isThere(posix.join(posix.dirname(path), link).replace(/\/$/, '')))
        .map(
          (link) => `${path}: links to ${link}, which is not there; add it or take the link out`,
        ),
    );
}

/** Targets of Markdown links within the project, without their fragment. */
function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}

function anyWord(...words: readonly string[]): RegExp {
  return new RegExp(`\\b(${words.join('|')})\\b`);
}

/** Keeps a banned word out of the file that bans it. */
function joined(...parts: readonly string[]): string {
  return parts.join('');
}
