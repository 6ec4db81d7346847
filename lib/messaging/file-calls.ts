// What the extension's own pages may ask of the node about files. Bytes travel as base64 in pieces, since these messages
// are JSON.
import { z } from 'zod';
import { MAX_BLOB_BYTES, MAX_BLOB_CHUNKS, MAX_BLOB_NAME_CHARS } from '../wire/blob.ts';

/** Of a file on its way to the node, in bytes. */
export const MAX_PIECE_BYTES = 256 * 1024;

const id = z.string().min(1).max(256);
const whichFile = { spaceId: id, fileId: id };

export const fileArgs = {
  /** Begins to add a file to a space. */
  beginFile: z.strictObject({
    spaceId: id,
    name: z.string().min(1).max(MAX_BLOB_NAME_CHARS),
    mediaType: z.string().max(100),
    size: z.number().int().min(0).max(MAX_BLOB_BYTES),
  }),
  /** The next piece, in base64. Settles when it is stored. */
  addPiece: z.strictObject({
    uploadId: id,
    offset: z.number().int().min(0).max(MAX_BLOB_BYTES),
    piece: z.string().max(Math.ceil(MAX_PIECE_BYTES / 3) * 4),
  }),
  /** All pieces are there: the file appears in the space. */
  finishFile: z.strictObject({ uploadId: id }),
  abandonFile: z.strictObject({ uploadId: id }),
  /** Begins to bring a file here; how far it is stands in the snapshots. */
  fetchFile: z.strictObject(whichFile),
  stopFile: z.strictObject(whichFile),
  /** One chunk of a file that is here, in base64. */
  readFile: z.strictObject({
    ...whichFile,
    index: z
      .number()
      .int()
      .min(0)
      .max(MAX_BLOB_CHUNKS - 1),
  }),
  removeFile: z.strictObject(whichFile),
};

export interface FileReplies {
  beginFile: { readonly uploadId: string };
  addPiece: null;
  finishFile: { readonly fileId: string };
  abandonFile: null;
  fetchFile: null;
  stopFile: null;
  readFile: { readonly piece: string };
  removeFile: null;
}
