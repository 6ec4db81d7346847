// What the entries of a space come to: members, events, and documents on their shelf.
import { createDocumentShelf, type DocumentShelf, type ShelfParts } from './document-shelf.ts';
import { isDocumentId } from './document-ids.ts';
import { EntryBook } from './entry-book.ts';
import { memberOf, type Member } from './members.ts';
import type { OpenedEntry } from './opened-entry.ts';
import type { SpaceSnapshot } from './snapshot/space-snapshot.ts';

export class SpaceContent {
  readonly book = new EntryBook();
  readonly members = new Map<string, Member>();
  /** By Automerge actor, the device that may use it; both hex. */
  readonly authors = new Map<string, string>();
  readonly shelf: DocumentShelf;

  constructor(parts: ShelfParts) {
    this.shelf = createDocumentShelf(parts);
  }

  async take(entry: OpenedEntry): Promise<void> {
    this.book.add(entry);
    this.authors.set(entry.actor, entry.author);
    if (entry.body.kind === 'change') {
      const { document, change } = entry.body;
      if (!isDocumentId(document)) return;
      const { actor, author, seq } = entry;
      this.shelf.add(document, { author, seq }, { actor, bytes: change, place: seq });
      return;
    }
    const member = await memberOf(entry);
    if (member === null) return;
    const since = this.members.get(entry.author)?.since ?? member.since;
    this.members.set(entry.author, { ...member, since });
  }

  state(): Omit<SpaceSnapshot, 'intake'> {
    const [members, authors] = [[...this.members], [...this.authors]];
    return { book: this.book.state(), shelf: this.shelf.state(), members, authors };
  }

  restore({ book, shelf, members, authors }: Omit<SpaceSnapshot, 'intake'>): void {
    this.book.restore(book);
    this.shelf.restore(shelf);
    for (const [device, member] of members) this.members.set(device, member);
    for (const [actor, author] of authors) this.authors.set(actor, author);
  }
}
