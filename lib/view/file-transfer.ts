// Moves files between a page of the extension and the node, in pieces, so that a large one never stands in memory whole.
import { MAX_PIECE_BYTES } from '../messaging/file-calls.ts';
import type { PanelCall } from '../messaging/panel.ts';
import type { FileView } from '../messaging/file-view.ts';
import { fromBase64, toBase64 } from '../wire/base64.ts';
import { BLOB_CHUNK_BYTES, chunkCount, MAX_BLOB_BYTES, MAX_BLOB_NAME_CHARS } from '../wire/blob.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

export interface TransferOptions {
  readonly signal: AbortSignal;
  /** How much of it is through, of 100. */
  readonly onProgress: (percent: number) => void;
}

/** Adds a file to a space. Failures: of the node, `cancelled`, `unavailable` when the file cannot be read. */
export async function addFile(
  ask: PanelCall,
  spaceId: string,
  file: File,
  options: TransferOptions,
): Promise<Result<unknown>> {
  if (file.size > MAX_BLOB_BYTES) return tooLarge(file);
  const name = shortName(file.name);
  const mediaType = file.type.slice(0, 100);
  const begun = await ask('beginFile', { spaceId, name, mediaType, size: file.size });
  if (!begun.ok) return begun;
  const { uploadId } = begun.value;
  const sent = await sendPieces(ask, uploadId, file, options);
  if (sent.ok) return ask('finishFile', { uploadId });
  void ask('abandonFile', { uploadId });
  return sent;
}

async function sendPieces(
  ask: PanelCall,
  uploadId: string,
  file: File,
  { signal, onProgress }: TransferOptions,
): Promise<Result<null>> {
  for (let offset = 0; offset < file.size; offset += MAX_PIECE_BYTES) {
    if (signal.aborted) return CANCELLED;
    const bytes = await bytesOf(file.slice(offset, offset + MAX_PIECE_BYTES));
    if (bytes === null) return unreadable(file);
    const taken = await ask('addPiece', { uploadId, offset, piece: toBase64(bytes) });
    if (!taken.ok) return taken;
    onProgress(Math.floor((100 * (offset + bytes.length)) / file.size));
  }
  return signal.aborted ? CANCELLED : ok(null);
}

/** The content of a file that is here. Failures: of the node, `cancelled`. */
export async function contentOf(
  ask: PanelCall,
  file: Pick<FileView, 'id' | 'spaceId' | 'size' | 'mediaType'>,
  signal: AbortSignal,
): Promise<Result<Blob>> {
  const pieces: Blob[] = [];
  const { id: fileId, spaceId, size } = file;
  for (let index = 0; index < chunkCount(size); index++) {
    if (signal.aborted) return CANCELLED;
    const read = await ask('readFile', { spaceId, fileId, index });
    if (!read.ok) return read;
    const bytes = fromBase64(read.value.piece);
    if (bytes === null || bytes.length > BLOB_CHUNK_BYTES) return GARBLED;
    // The browser may keep the pieces of a large file on disk.
    pieces.push(new Blob([bytes]));
  }
  return ok(new Blob(pieces, { type: safeType(file.mediaType) }));
}

/** What others say a file is decides nothing but how the browser names it; it is saved, never opened here. */
function safeType(mediaType: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
}

/** The end of a long name tells more than its middle. */
function shortName(name: string): string {
  if (name.length <= MAX_BLOB_NAME_CHARS) return name || 'file';
  const end = name.slice(-60);
  return `${name.slice(0, MAX_BLOB_NAME_CHARS - 61)}…${end}`;
}

async function bytesOf(piece: Blob): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
  } catch {
    return null;
  }
}

function tooLarge({ name }: File): Result<never> {
  const most = MAX_BLOB_BYTES / 1024 / 1024;
  return fail('too_large', `“${name}” has more than ${most} MB.`, 'Share it in smaller parts.');
}

function unreadable({ name }: File): Result<never> {
  return fail(
    'unavailable',
    `“${name}” could not be read. It may have been moved or changed.`,
    'Choose it again. A folder cannot be added.',
  );
}

const CANCELLED = fail('cancelled', 'It was stopped.', 'Begin again when you want it.');

const GARBLED = fail('malformed', 'The file came out garbled.', 'Try again.');
