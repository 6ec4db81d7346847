// Files on their way from a page of the extension into a space: they come in pieces, since messages between the two are
// small, and are sealed and stored as they come.
import type { BlobDraft, Blobs } from '../blob/blobs.ts';
import { roleOf } from '../group/control-state.ts';
import { roleMayWrite } from '../group/permissions.ts';
import { BOARD_ID } from '../space/document-ids.ts';
import { MAX_BLOB_BYTES } from '../wire/blob.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import type { Spaces } from './spaces.ts';

export interface NewFile {
  readonly spaceId: string;
  readonly name: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
}

export interface FileUploadsOptions {
  readonly blobs: Blobs;
  readonly spaces: Spaces;
  /** This device's public key. */
  readonly device: () => Uint8Array;
  /** A file has come to a space. */
  readonly added: (spaceId: string) => void;
  readonly now: () => number;
}

interface Upload {
  readonly held: HeldSpace;
  readonly file: NewFile;
  readonly draft: BlobDraft;
  receivedBytes: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const MAX_UPLOADS = 4;
/** A page that was closed sends no more pieces. */
const IDLE_MS = 60_000;

export class FileUploads {
  readonly #options: FileUploadsOptions;
  readonly #uploads = new Map<string, Upload>();

  constructor(options: FileUploadsOptions) {
    this.#options = options;
  }

  /** Failures: `not_found`, `too_large`, `permission_denied`, `rate_limited`. */
  async begin(file: NewFile): Promise<Result<{ uploadId: string }>> {
    const held = this.#options.spaces.find(file.spaceId);
    if (!held.ok) return held;
    if (file.size > MAX_BLOB_BYTES) return TOO_LARGE;
    if (!this.#mayAdd(held.value)) return MAY_NOT;
    if (this.#uploads.size >= MAX_UPLOADS) return TOO_MANY;
    const id = crypto.randomUUID();
    const draft = this.#options.blobs.begin(file.spaceId);
    const upload: Upload = { held: held.value, file, draft, receivedBytes: 0, timer: undefined };
    this.#uploads.set(id, upload);
    this.#live(id, upload);
    return ok({ uploadId: id });
  }

  /** Pieces come in order, one at a time; one that came before is not taken twice. Failures: `not_found`, of storage. */
  async take(id: string, offset: number, bytes: Uint8Array): Promise<Result<null>> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return LOST;
    if (offset + bytes.length === upload.receivedBytes) return ok(null);
    if (offset !== upload.receivedBytes) return OUT_OF_ORDER;
    this.#live(id, upload);
    upload.receivedBytes += bytes.length;
    const written = await upload.draft.write(bytes);
    if (written.ok) return ok(null);
    await this.abandon(id);
    return written;
  }

  /** Puts the file on the board of its space. Failures: of storage, `permission_denied`. */
  async finish(id: string): Promise<Result<{ fileId: string }>> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return LOST;
    const { held, file, draft } = upload;
    this.#uploads.delete(id);
    clearTimeout(upload.timer);
    const { name, mediaType } = file;
    const ref = await draft.finish({ mediaType, name });
    if (!ref.ok) {
      await draft.abandon();
      return ref;
    }
    const fileId = crypto.randomUUID();
    const [blob, key] = [toHex(ref.value.id), toHex(ref.value.key)];
    const facts = { name, mediaType, size: ref.value.size, addedAt: this.#options.now() };
    const added = await held.space.change({
      document: BOARD_ID,
      verb: 'addFile',
      args: { id: fileId, blob, key, ...facts },
    });
    if (!added.ok) {
      await this.#options.blobs.drop(file.spaceId, ref.value.id);
      return added;
    }
    this.#options.added(file.spaceId);
    return ok({ fileId });
  }

  async abandon(id: string): Promise<Result<null>> {
    const upload = this.#uploads.get(id);
    this.#uploads.delete(id);
    clearTimeout(upload?.timer);
    await upload?.draft.abandon();
    return ok(null);
  }

  #live(id: string, upload: Upload): void {
    clearTimeout(upload.timer);
    upload.timer = setTimeout(() => void this.abandon(id), IDLE_MS);
  }

  /** What others would not take is not begun. */
  #mayAdd({ group }: HeldSpace): boolean {
    if (group === null) return true;
    const role = roleOf(group.log.tip(), this.#options.device());
    return role !== null && roleMayWrite(role, { kind: 'change', document: BOARD_ID });
  }
}

const TOO_LARGE = fail(
  'too_large',
  `A file may have ${MAX_BLOB_BYTES / 1024 / 1024} MB at most.`,
  'Make it smaller, or share it in parts.',
);

const MAY_NOT = fail(
  'permission_denied',
  'Your role in this space does not allow adding files.',
  'Ask a steward of the space for another role.',
);

const TOO_MANY = fail(
  'rate_limited',
  'Several files are being added already.',
  'Wait until one of them is in, then add this one.',
);

const LOST = fail(
  'not_found',
  'The browser restarted Commonplace while the file was being added.',
  'Add it again.',
);

const OUT_OF_ORDER = fail('bad_arguments', 'A piece of the file is missing.', 'Add it again.');
