import { roles } from 'aria-query';
import { expect, it } from 'vitest';
import { ARIA_ROLES } from '../../../lib/page/snapshot/role.ts';

it('knows every concrete role of WAI-ARIA', () => {
  const concrete = [...roles.keys()].filter((role) => roles.get(role)?.abstract === false);
  // EPUB's roles are for books, and one word stands for `none` here.
  const known = concrete.filter((role) => !role.startsWith('doc-') && role !== 'presentation');
  expect(known.filter((role) => !ARIA_ROLES.has(role))).toEqual([]);
});
