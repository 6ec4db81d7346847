// What pages of the extension can do with files.
import type { PanelHandlers } from '../messaging/panel.ts';
import type { FileReplies } from '../messaging/file-calls.ts';
import { fromBase64, toBase64 } from '../wire/base64.ts';
import { fail, ok } from '../wire/failure.ts';
import type { FileUploads } from './file-uploads.ts';
import type { Files } from './files.ts';

export interface FileParts {
  readonly files: Files;
  readonly uploads: FileUploads;
}

export function fileHandlers({ files, uploads }: FileParts) {
  return {
    beginFile: (file) => uploads.begin(file),
    addPiece: async ({ uploadId, offset, piece }) => {
      const bytes = fromBase64(piece);
      return bytes === null ? NOT_BASE64 : uploads.take(uploadId, offset, bytes);
    },
    finishFile: ({ uploadId }) => uploads.finish(uploadId),
    abandonFile: ({ uploadId }) => uploads.abandon(uploadId),
    fetchFile: ({ spaceId, fileId }) => files.fetch(spaceId, fileId),
    stopFile: ({ spaceId, fileId }) => files.stopFetching(spaceId, fileId),
    readFile: async ({ spaceId, fileId, index }) => {
      const read = await files.read(spaceId, fileId, index);
      return read.ok ? ok({ piece: toBase64(read.value) }) : read;
    },
    removeFile: ({ spaceId, fileId }) => files.remove(spaceId, fileId),
  } satisfies Pick<PanelHandlers, keyof FileReplies>;
}

const NOT_BASE64 = fail('bad_arguments', 'A piece of the file is not base64.', 'Add it again.');
