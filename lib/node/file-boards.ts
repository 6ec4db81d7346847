// The files that the boards of spaces name, read once and again when a board has changed.
import type { Hand } from '../messaging/panel-state.ts';
import { BOARD_ID } from '../space/document-ids.ts';
import type { Board } from '../space/documents/board.ts';
import type { StoredFile } from '../space/documents/board-files.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { BlobRef } from '../wire/blob.ts';
import { fromHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import { hueOf, huesOf } from './hue.ts';
import type { Spaces } from './spaces.ts';

/** A file with the space it is in and who added it. */
export interface PlacedFile {
  readonly held: HeldSpace;
  readonly file: StoredFile;
  readonly hand: Hand;
  readonly mine: boolean;
}

const UNKNOWN_NAME = 'Someone';

export class FileBoards {
  readonly #spaces: Spaces;
  readonly #me: () => string;
  readonly #boards = new Map<string, Promise<readonly StoredFile[] | null>>();

  /** `me` gives the did of this person. */
  constructor(spaces: Spaces, me: () => string) {
    this.#spaces = spaces;
    this.#me = me;
  }

  /** Forgets what was read of a board that these entries change. */
  changed(held: HeldSpace, entries: readonly OpenedEntry[]): void {
    const isChanged = entries.some(
      ({ body }) => body.kind === 'change' && body.document === BOARD_ID,
    );
    if (isChanged) this.#boards.delete(held.record.id);
  }

  async ofSpace(held: HeldSpace): Promise<PlacedFile[]> {
    const [files, members] = await Promise.all([this.#read(held), held.space.members()]);
    const hues = huesOf(members.values());
    return (files ?? []).map((file) => {
      const author = held.space.authorOfActor(file.creator);
      const member = author === null ? undefined : members.get(author);
      const did = member?.person ?? '';
      const name = member?.name ?? UNKNOWN_NAME;
      const hue = hues.get(did) ?? hueOf(file.creator);
      const hand: Hand = { did, name, hue, kind: 'person', onBehalfOf: null };
      return { held, file, hand, mine: did === this.#me() };
    });
  }

  /** Failures: `not_found`. */
  async find(spaceId: string, fileId: string): Promise<Result<PlacedFile>> {
    const held = this.#spaces.find(spaceId);
    if (!held.ok) return held;
    const placed = (await this.ofSpace(held.value)).find(({ file }) => file.id === fileId);
    return placed === undefined ? GONE : ok(placed);
  }

  /** Ids (hex) of the blobs that the board of a space names; null when it cannot be read now. */
  async blobsOf(spaceId: string): Promise<readonly string[] | null> {
    const held = this.#spaces.find(spaceId);
    const files = held.ok ? await this.#read(held.value) : null;
    return files === null ? null : files.map(({ blob }) => blob);
  }

  #read(held: HeldSpace): Promise<readonly StoredFile[] | null> {
    const { id } = held.record;
    const known = this.#boards.get(id);
    if (known !== undefined) return known;
    const reading = held.space.read(BOARD_ID).then((read) => {
      // The projection of a board is what its kind says.
      if (read.ok) return (read.value as Board).files;
      this.#boards.delete(id);
      return null;
    });
    this.#boards.set(id, reading);
    return reading;
  }
}

export function blobRefOf({ blob, key, size, mediaType, name }: StoredFile): BlobRef {
  const empty = new Uint8Array();
  return {
    kind: 'blob',
    id: fromHex(blob) ?? empty,
    key: fromHex(key) ?? empty,
    size,
    mediaType,
    name,
  };
}

const GONE = fail('not_found', 'This file is no longer in the space.', 'Someone removed it.');
