// A data table as rows of cells between bars. Tables that only lay out a page are left to be read as text.

const MAX_CELL_CHARS = 300;

/** Null when this is no table of data. */
export function tableMarkdown(table: HTMLElement): string | null {
  if (!(table instanceof HTMLTableElement) || table.querySelector('table') !== null) return null;
  const rows = [...table.rows].map((row) => [...row.cells].map(cellText));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width < 2 || rows.length < 2) return null;
  const [head = [], ...rest] = rows;
  const rule = Array.from({ length: width }, () => '---');
  const caption = table.caption?.textContent.replace(/\s+/gu, ' ').trim() ?? '';
  const lines = [head, rule, ...rest].map((row) => `| ${padded(row, width).join(' | ')} |`);
  return [...(caption === '' ? [] : [`_${caption}_`, '']), ...lines].join('\n');
}

function padded(row: readonly string[], width: number): readonly string[] {
  return [...row, ...Array.from({ length: width - row.length }, () => '')];
}

function cellText(cell: HTMLTableCellElement): string {
  const text = [...cell.childNodes].map(inline).join('').replace(/\s+/gu, ' ').trim();
  return text.slice(0, MAX_CELL_CHARS).replaceAll('|', '\\|');
}

function inline(node: Node): string {
  const text = node.textContent ?? '';
  if (!(node instanceof HTMLAnchorElement)) return text;
  const href = node.getAttribute('href');
  return href === null || text.trim() === '' ? text : `[${text.trim()}](${href})`;
}
