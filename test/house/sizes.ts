// How long a file and a function may be. Past that a room or a name is missing.
import { parseModule } from './syntax.ts';
import { sourcesOf, type Offence, type Tree } from './tree.ts';

export const MAX_FILE_LINES = 250;
/** What a function does itself; the functions that a factory holds are measured one by one. */
export const MAX_FUNCTION_LINES = 40;
/** A function with all that it holds; suites of tests are exempt. */
export const MAX_FACTORY_LINES = 100;

/** Groups of tests and component suites read from top to bottom; what they hold is measured one by one. */
const GROUPS = ['describe', 'suite'];

export function tooLong(tree: Tree): Offence[] {
  return sourcesOf(tree).flatMap(([path, text]) => [
    ...longFile(path, text),
    ...longFunctions(path, text),
  ]);
}

function longFile(path: string, text: string): Offence[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= MAX_FILE_LINES) return [];
  return [
    `split ${path}: ${lines} lines, ${MAX_FILE_LINES} at most; find the second thing it is about`,
  ];
}

function longFunctions(path: string, text: string): Offence[] {
  return parseModule(path, text)
    .body()
    .functions.filter(({ argumentOf }) => argumentOf === null || !GROUPS.includes(argumentOf))
    .flatMap(({ name, line, lines, ownLines }) => {
      const what = `split ${name} (${path}:${line})`;
      if (ownLines > MAX_FUNCTION_LINES) {
        return [`${what}: ${ownLines} lines, ${MAX_FUNCTION_LINES} at most; name its steps`];
      }
      if (lines <= MAX_FACTORY_LINES || path.startsWith('test/')) return [];
      return [
        `${what}: ${lines} lines with all it holds, ${MAX_FACTORY_LINES} at most; make a part of it`,
      ];
    });
}
