// Gives the chunks that another asks for: one at a time and after everything else that waits to be sent, so that blobs
// never delay entries. What is asked for beyond a bounded queue is not heard; who needs it asks again.
import type { BlobVault, HeldBlob } from '../blob/vault.ts';
import { toHex } from '../wire/bytes.ts';
import type { BlobMessage, ChunkRange } from '../wire/blob-message.ts';
import { fail } from '../wire/failure.ts';

export interface BlobServerOptions {
  readonly vault: BlobVault;
  /** Whether the other may still have anything of this space. */
  readonly flows: (space: string) => boolean;
  readonly send: (message: BlobMessage) => void;
  /** Settles when it is on its way; false when the channel is closed. */
  readonly trickle: (message: BlobMessage) => Promise<boolean>;
}

export interface BlobServer {
  want(space: Uint8Array, blob: Uint8Array, ranges: readonly ChunkRange[]): Promise<void>;
}

interface Errand {
  readonly space: Uint8Array;
  readonly blob: Uint8Array;
  readonly index: number;
}

/** An honest other has far fewer under way. */
const MAX_ERRANDS = 64;

export function createBlobServer(options: BlobServerOptions): BlobServer {
  const { vault, flows, send, trickle } = options;
  const errands = new Map<string, Errand>();
  let newest: { readonly key: string; readonly held: HeldBlob } | null = null;
  let isRunning = false;

  const find = async (space: Uint8Array, blob: Uint8Array): Promise<HeldBlob | null> => {
    const key = `${toHex(space)}/${toHex(blob)}`;
    if (newest?.key === key && newest.held.row.isWhole) return newest.held;
    const held = await vault.held(toHex(space), toHex(blob));
    if (held !== null && newest?.key !== key) await vault.touch(held);
    newest = held === null ? null : { key, held };
    return held;
  };

  const give = async ({ space, blob, index }: Errand): Promise<boolean> => {
    if (!flows(toHex(space))) return true;
    const held = await find(space, blob);
    const bytes = held === null ? null : await vault.chunk(held, index);
    if (bytes === null) {
      newest = null;
      send({ type: 'blob_refuse', space, blob, failure: NOT_HERE });
      return true;
    }
    return trickle({ type: 'blob_chunk', space, blob, index, bytes });
  };

  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      for (const [key, errand] of errands) {
        errands.delete(key);
        if (!(await give(errand))) errands.clear();
      }
    } finally {
      isRunning = false;
    }
  };

  return {
    want: async (space, blob, ranges) => {
      if (ranges.length === 0) {
        const held = await find(space, blob);
        if (held === null) send({ type: 'blob_refuse', space, blob, failure: NOT_HERE });
        else send({ type: 'blob_offer', space, manifest: held.row.manifest });
        return;
      }
      for (const { from, to } of ranges) {
        for (let index = from; index <= to && errands.size < MAX_ERRANDS; index++) {
          errands.set(`${toHex(space)}/${toHex(blob)}/${index}`, { space, blob, index });
        }
      }
      // Storage that cannot be read now leaves the other without an answer; it asks elsewhere or again.
      run().catch(() => errands.clear());
    },
  };
}

const NOT_HERE = fail(
  'not_found',
  'The other side does not have this file, or not all of it.',
  'It is asked for elsewhere, and again when someone who has it is there.',
).failure;
