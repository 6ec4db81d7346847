// Spaces as files, from a page's side: put together out of the pieces that the node gives, or given to it in pieces.
import { PIECE_BYTES, type PastReplies } from '../messaging/past.ts';
import type { PanelCall } from '../messaging/panel.ts';
import { fromBase64, toBase64 } from '../wire/base64.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

export interface SpaceFile {
  readonly name: string;
  readonly content: Blob;
}

/** `tell` hears how many bytes there are so far. Failures as of the node. */
export async function readExport(
  ask: PanelCall,
  spaceId: string,
  passphrase: string | null,
  tell: (bytes: number) => void,
): Promise<Result<SpaceFile>> {
  const begun = await ask('exportBegin', { spaceId, passphrase });
  if (!begun.ok) return begun;
  const { transferId, fileName } = begun.value;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (let index = 0; ; index += 1) {
    const piece = await ask('exportPiece', { transferId, index });
    if (!piece.ok) return piece;
    const data = new Uint8Array(fromBase64(piece.value.data) ?? []);
    pieces.push(data);
    bytes += data.length;
    tell(bytes);
    if (!piece.value.done) continue;
    const content = new Blob(pieces, { type: 'application/octet-stream' });
    return ok({ name: fileName, content });
  }
}

/** `tell` hears which part of the file has been read, from 0 to 1. Failures as of the node; `unavailable` for the file. */
export async function openExport(
  ask: PanelCall,
  file: Blob,
  passphrase: string | null,
  tell: (part: number) => void,
): Promise<Result<PastReplies['importEnd']>> {
  const begun = await ask('importBegin', { passphrase });
  if (!begun.ok) return begun;
  const { transferId } = begun.value;
  const pieces = Math.ceil(file.size / PIECE_BYTES);
  for (let index = 0; index < pieces; index += 1) {
    const at = index * PIECE_BYTES;
    const bytes = await bytesOf(file.slice(at, at + PIECE_BYTES));
    if (!bytes.ok) return bytes;
    const taken = await ask('importPiece', { transferId, index, data: toBase64(bytes.value) });
    if (!taken.ok) return taken;
    tell((index + 1) / pieces);
  }
  return ask('importEnd', { transferId });
}

async function bytesOf(part: Blob): Promise<Result<Uint8Array>> {
  try {
    return ok(new Uint8Array(await part.arrayBuffer()));
  } catch {
    return fail(
      'unavailable',
      'The browser could not read this file.',
      'Make sure that it is still there, then choose it again.',
    );
  }
}
