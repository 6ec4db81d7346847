import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { toolsPage } from '../../../scripts/tools-doc.ts';

it('docs/tools.md says what the tools say; if not, run `node scripts/tools-doc.ts`', async () => {
  const written = await readFile(new URL('../../../docs/tools.md', import.meta.url), 'utf8');
  expect(written).toBe(await toolsPage());
});
