// Writes docs/tools.md from the tool values, so that the page cannot say what the tools do not do.
// `--check` writes nothing and fails when the page is out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { listingOf } from '../lib/tools/listing.ts';
import { TOOLS } from '../lib/tools/tool-list.ts';
import type { Tool } from '../lib/tools/tool.ts';

const PAGE = new URL('../docs/tools.md', import.meta.url);

const INTRO = `# Tools

<!-- Made by scripts/tools-doc.ts from lib/tools. Change the tools, not this page. -->

What an agent may do through MCP. Every call passes one gate: its arguments are parsed, the agent's permission
is checked (sites, tools, spaces, time), its cost is set aside in the log, it runs, and a receipt is written. A call
that ran is charged, whatever came of it. An agent sees and uses only tabs that it opened itself.

| tool | cost | changes something |
| --- | --- | --- |
${TOOLS.map(({ name, cost, hints }) => `| [${name}](#${name}) | ${costOf(cost)} | ${hints.readOnlyHint === true ? 'no' : 'yes'} |`).join('\n')}

## Sites

A permission names sites by patterns: \`https://example.org\` (that origin), \`https://*.example.org\` (every host
below it, not itself), \`http://127.0.0.1:*\` (any port), \`*\` (any web page). Files, pages of the browser and
of extensions, and \`data:\` or \`blob:\` pages are never covered; a relay's own pages only when it is named exactly.
`;

interface Property {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly description?: string;
}

export async function toolsPage(): Promise<string> {
  const markdown = [INTRO, ...TOOLS.map(section)].join('\n');
  const config = await resolveConfig(PAGE.pathname);
  return format(markdown, { ...config, parser: 'markdown' });
}

function section(tool: Tool): string {
  const { inputSchema, outputSchema } = listingOf(tool);
  return [
    `## ${tool.name}`,
    `${tool.title}. ${tool.description}`,
    table('argument', inputSchema),
    table('result', outputSchema),
  ].join('\n\n');
}

function table(what: string, schema: Readonly<Record<string, unknown>>): string {
  const properties: Record<string, Property> = Object(schema['properties']);
  const required = new Set<unknown>(Array.isArray(schema['required']) ? schema['required'] : []);
  const rows = Object.entries(properties).map(([name, property]) => {
    const optional = required.has(name) ? '' : ', optional';
    return `| \`${name}\` | ${typeOf(property)}${optional} | ${property.description ?? ''} |`;
  });
  if (rows.length === 0) return `No ${what}s.`;
  return [`| ${what} | type | |`, '| --- | --- | --- |', ...rows].join('\n');
}

function typeOf({ type, enum: values, anyOf }: Property): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(' ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'any';
}

function costOf({ reads, writes }: Tool['cost']): string {
  if (writes > 0) return `${writes} write`;
  return reads > 0 ? `${reads} read` : 'free';
}

if (import.meta.main) {
  const page = await toolsPage();
  const check = process.argv.includes('--check');
  const before = await readFile(PAGE, 'utf8').catch(() => '');
  if (!check) await writeFile(PAGE, page);
  else if (before !== page) {
    console.error('docs/tools.md is out of date: run `node scripts/tools-doc.ts`.');
    process.exitCode = 1;
  }
}
