// What the rules need to know about a source file's syntax: what it imports and exports, how long its functions
// are, and whether importing it does anything.
import { parseSync } from 'vite';

export interface ModuleSyntax {
  /** As written, of every kind: static, type-only, re-exported, dynamic. */
  readonly imports: readonly string[];
  readonly hasDefaultExport: boolean;
  /** What it passes on: `export … from`. */
  readonly reexports: readonly { readonly from: string; readonly everything: boolean }[];
  body(): BodySyntax;
}

export interface BodySyntax {
  /** True when it passes on and does nothing else. */
  readonly onlyReexports: boolean;
  readonly functions: readonly FunctionSyntax[];
  /** Lines of top-level statements that run something when the module is imported. */
  readonly runsAtLines: readonly number[];
}

export interface FunctionSyntax {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  /** Without the insides of the functions that it holds: a factory is measured by what it does itself. */
  readonly ownLines: number;
  /** What it is handed to when it is an argument of a call: `test`, `describe`, `new Promise`. */
  readonly argumentOf: string | null;
}

type Node = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly start: number;
  readonly end: number;
};

/** Several rules look at one file; it is parsed once, and its tree of nodes built only for those that need it. */
const parsed = new Map<string, ModuleSyntax>();

export function parseModule(path: string, text: string): ModuleSyntax {
  const key = `${path}\0${text}`;
  const syntax = parsed.get(key) ?? parseAfresh(path, text);
  parsed.set(key, syntax);
  return syntax;
}

function parseAfresh(path: string, text: string): ModuleSyntax {
  const result = parseSync(path, text);
  const [error] = result.errors;
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`);
  const exported = result.module.staticExports.flatMap(({ entries }) => entries);
  const reexports = exported.flatMap(({ moduleRequest, importName }) =>
    moduleRequest
      ? [{ from: moduleRequest.value, everything: importName.kind.startsWith('All') }]
      : [],
  );
  const imports = result.module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
  const dynamic = result.module.dynamicImports
    .map(({ moduleRequest: { start, end } }) => text.slice(start, end))
    .flatMap((written) => /^(['"`])([^'"`$]*)\1$/.exec(written)?.[2] ?? []);
  return {
    imports: [...imports, ...reexports.map(({ from }) => from), ...dynamic],
    hasDefaultExport: exported.some(
      ({ exportName: { kind, name } }) => kind === 'Default' || name === 'default',
    ),
    reexports,
    body: once(() => {
      const statements: readonly unknown[] = result.program.body;
      return measure(statements.filter(isNode), text);
    }),
  };
}

function measure(body: readonly Node[], text: string): BodySyntax {
  const lineAt = createLineFinder(text);
  return {
    onlyReexports: body.length > 0 && body.every(isReexport),
    functions: functionsIn(body, lineAt),
    runsAtLines: body.filter(runsSomething).map(({ start }) => lineAt(start)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isReexport({ type, source }: Node): boolean {
  return type === 'ExportAllDeclaration' || (type === 'ExportNamedDeclaration' && isNode(source));
}

function runsSomething({ type, directive, test }: Node): boolean {
  const statements = ['ExpressionStatement', 'ForStatement', 'ForOfStatement', 'IfStatement'];
  return statements.includes(type) && typeof directive !== 'string' && !isMainCheck(test);
}

/** `import.meta.main`: what follows runs only when the file is the program, not when it is imported. */
function isMainCheck(test: unknown): boolean {
  if (!isNode(test) || test.type !== 'MemberExpression') return false;
  const { object, property } = test;
  const isMeta = isNode(object) && object.type === 'MetaProperty';
  return isMeta && isNode(property) && property['name'] === 'main';
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

interface Place {
  /** What the nearest name around says. */
  readonly name: string;
  readonly argumentOf: string | null;
}

function functionsIn(body: readonly Node[], lineAt: (at: number) => number): FunctionSyntax[] {
  const found: FunctionSyntax[] = [];
  /** Gives how many lines inside functions stand in this node, itself included. */
  const visit = (node: Node, { name: around, argumentOf }: Place): number => {
    const name = nameOf(node) ?? around;
    const held = childrenOf(node)
      .map(([child, handedTo]) => visit(child, { name, argumentOf: handedTo }))
      .reduce((sum, lines) => sum + lines, 0);
    if (!FUNCTIONS.includes(node.type)) return held;
    const line = lineAt(node.start);
    const lines = lineAt(node.end) - line + 1;
    found.push({ name, line, lines, ownLines: lines - held, argumentOf });
    return Math.max(0, lines - 2);
  };
  for (const node of body) visit(node, { name: 'a function', argumentOf: null });
  return found;
}

/** With the name of the function that each is handed to, where it is an argument. */
function childrenOf(node: Node): [child: Node, handedTo: string | null][] {
  return Object.entries(node).flatMap(([key, value]) => {
    const children: readonly unknown[] = Array.isArray(value) ? value : [value];
    const handedTo = key === 'arguments' && isCall(node) ? calleeName(node) : null;
    return children.filter(isNode).map((child): [Node, string | null] => [child, handedTo]);
  });
}

function nameOf({ id, key }: Node): string | null {
  for (const candidate of [id, key]) {
    if (isNode(candidate) && typeof candidate['name'] === 'string') return candidate['name'];
  }
  return null;
}

function isCall({ type }: Node): boolean {
  return type === 'CallExpression' || type === 'NewExpression';
}

/** `describe` for `describe(…)`, `describe.each(…)(…)` and the like. */
function calleeName({ callee }: Node): string {
  if (!isNode(callee)) return '';
  if (typeof callee['name'] === 'string') return callee['name'];
  if (isNode(callee['object'])) return calleeName({ ...callee, callee: callee['object'] });
  return calleeName(callee);
}

/** The line, from 1, of a place in the text. */
function createLineFinder(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
