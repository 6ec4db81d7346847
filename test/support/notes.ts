// Notes on one made-up page, as a space holds them.
import type { PageDocument } from '../../lib/space/documents/page.ts';
import type { Change, Space } from '../../lib/space/space.ts';
import { unwrap } from '../../lib/wire/failure.ts';

export const PAGE = `page/${'ab'.repeat(32)}`;
const url = 'https://example.org/tides';

export function noteChange(id: string, text: string): Change {
  const target = {
    quote: { type: 'TextQuoteSelector', exact: 'twice a day', prefix: '', suffix: '' },
    position: { type: 'TextPositionSelector', start: 0, end: 11 },
  };
  const args = { id, url, title: 'Tides', target, note: text, agent: null, at: 1 };
  return { document: PAGE, verb: 'add', args };
}

export async function writeNote(space: Space, id: string, text: string): Promise<void> {
  unwrap(await space.change(noteChange(id, text)));
}

export async function editNote(space: Space, id: string, text: string): Promise<void> {
  unwrap(await space.change({ document: PAGE, verb: 'edit', args: { id, note: text, at: 2 } }));
}

/** The page as the space has it now. */
export async function pageOf(space: Space): Promise<PageDocument> {
  // The projection of a document of this kind.
  return unwrap(await space.read(PAGE)) as PageDocument;
}

export async function notesIn(space: Space): Promise<string[]> {
  return (await pageOf(space)).annotations.map(({ note }) => note);
}
