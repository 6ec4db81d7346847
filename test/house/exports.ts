// How modules show themselves: by name, from where a thing is made, and without doing anything when imported.
import { parseModule } from './syntax.ts';
import { sourcesOf, type Offence, type Tree } from './tree.ts';

/** What a tool loads by its default export. */
const LOADED_BY_TOOLS = [/^entrypoints\//, /\.config\.ts$/];

/** Programs: running is what they are imported for. */
const PROGRAMS = [
  /^entrypoints\//,
  /^test\//,
  /^bridge\/main\.ts$/,
  /\/worker\/main\.ts$/,
  /^scripts\/(bootstrap|launch\/end-with-parent)\.mjs$/,
  /\.config\.ts$/,
];

export function wrongExports(tree: Tree): Offence[] {
  return sourcesOf(tree).flatMap(([path, text]) => {
    const syntax = parseModule(path, text);
    const offences: Offence[] = [];
    if (syntax.hasDefaultExport && !isOneOf(path, LOADED_BY_TOOLS)) {
      offences.push(
        `${path}: default export; export by name, so that it is called the same everywhere`,
      );
    }
    const onlyReexports = syntax.reexports.length > 0 && syntax.body().onlyReexports;
    if (onlyReexports || syntax.reexports.some(({ everything }) => everything)) {
      offences.push(`${path}: a barrel; import each thing from the file that makes it`);
    }
    return offences;
  });
}

export function runsOnImport(tree: Tree): Offence[] {
  return sourcesOf(tree)
    .filter(([path]) => !isOneOf(path, PROGRAMS))
    .flatMap(([path, text]) =>
      parseModule(path, text)
        .body()
        .runsAtLines.map(
          (line) =>
            `${path}:${line}: runs when imported; put it into a function that someone calls`,
        ),
    );
}

function isOneOf(path: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(path));
}
