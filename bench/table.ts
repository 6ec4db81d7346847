// Figures as a table that reads well in a terminal and in Markdown.
import type { Figure } from './figure.ts';

const HEAD = ['name', 'median', 'min', 'max', 'unit', 'n'];

export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(2, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => lineOf(row.map((cell, column) => pad(cell, column, widths))));
  const rule = lineOf(widths.map((width, column) => ruleFor(column, width)));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The value that 95 in 100 do not exceed (nearest rank). */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

function rowOf({ name, unit, values }: Figure): string[] {
  const numbers = [median(values), Math.min(...values), Math.max(...values)];
  return [name, ...numbers.map(shown), unit, String(values.length)];
}

/** Three digits that matter. */
function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function isNumber(column: number): boolean {
  return column >= 1 && column !== 4;
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
}

function ruleFor(column: number, width: number): string {
  return isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
