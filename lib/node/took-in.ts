// What follows from entries that a space has taken in: names, pages and panels.
import { BOARD_ID } from '../space/document-ids.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { Desk } from './desk.ts';
import type { HeldSpace } from './held-space.ts';
import type { BlobParts } from './open-blobs.ts';
import { textsTookIn } from './texts/open-texts.ts';

/** What is new in a space, on the pages and panels that show it. */
export async function tookIn(
  parts: Parameters<typeof textsTookIn>[0] &
    Pick<BlobParts, 'fileBoards'> &
    Pick<Desk, 'annotations' | 'pages' | 'spaces' | 'changed'>,
  held: HeldSpace,
  entries: readonly OpenedEntry[],
): Promise<void> {
  const { annotations, fileBoards, pages, spaces, changed } = parts;
  textsTookIn(parts, held, entries);
  const documents = annotations.changed(held, entries);
  fileBoards.changed(held, entries);
  const urls = await Promise.all(
    documents.map((document) => annotations.addressOf(held, document)),
  );
  if (entries.some(({ body }) => body.kind === 'change' && body.document === BOARD_ID)) {
    const board = await held.space.read(BOARD_ID);
    const name = board.ok ? nameIn(board.value) : null;
    if (name !== null && (await spaces.named(held.record.id, name))) await pages.redraw('all');
  }
  changed();
  await pages.redraw(new Set(urls.filter((url) => url !== null)));
}

function nameIn(board: unknown): string | null {
  if (typeof board !== 'object' || board === null || !('name' in board)) return null;
  return typeof board.name === 'string' ? board.name : null;
}
