// HTML said in Markdown: the one door to Turndown, with tables added as GitHub writes them.
import TurndownService from 'turndown';
import { MASK } from '../secrets.ts';
import { tableMarkdown } from './table.ts';

export function toMarkdown(content: HTMLElement): string {
  const service = new TurndownService({
    headingStyle: 'atx',
    hr: '---',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '_',
  });
  service.addRule('table', {
    filter: 'table',
    replacement: (inside, node) => `\n\n${tableMarkdown(node) ?? inside}\n\n`,
  });
  service.addRule('picture', { filter: 'img', replacement: (_inside, node) => picture(node) });
  service.addRule('plain link', {
    filter: (node) => node.localName === 'a' && node.getAttribute('href') === null,
    replacement: (inside) => inside,
  });
  return service
    .turndown(content)
    .replaceAll('\\[masked\\]', MASK)
    .replace(/^( *)- {3}/gmu, '$1- ')
    .replace(/[ \t]+$/gmu, '')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

/** Only pictures that say what they show are worth a word. */
function picture(node: HTMLElement): string {
  const alt = (node.getAttribute('alt') ?? '').replace(/\s+/gu, ' ').trim();
  if (alt === '') return '';
  return `![${alt.replaceAll(/[[\]]/gu, '')}](${node.getAttribute('src') ?? ''})`;
}
