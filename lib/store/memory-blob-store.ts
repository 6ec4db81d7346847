// The in-memory twin of the IndexedDB store of blobs, under the same contract.
import { ok } from '../wire/failure.ts';
import type { BlobStore, StoredBlob } from './blob-store.ts';

export function createMemoryBlobStore(): BlobStore {
  const rows = new Map<string, StoredBlob>();
  const bodies = new Map<string, Map<number, Uint8Array>>();
  const drop = (key: string): void => {
    bodies.delete(rows.get(key)?.body ?? '');
    rows.delete(key);
  };
  return {
    add: async (blob) => {
      const key = keyOf(blob.space, blob.id);
      if (!rows.has(key)) rows.set(key, blob);
      return ok(undefined);
    },
    get: async (space, id) => rows.get(keyOf(space, id)) ?? null,
    list: async () => [...rows.values()],
    update: async (space, id, changes) => {
      const row = rows.get(keyOf(space, id));
      if (row !== undefined) rows.set(keyOf(space, id), { ...row, ...changes });
      return row !== undefined;
    },
    putChunk: async (body, index, bytes) => {
      const chunks = bodies.get(body) ?? new Map<number, Uint8Array>();
      bodies.set(body, chunks.set(index, bytes.slice()));
      return ok(undefined);
    },
    chunk: async (body, index) => bodies.get(body)?.get(index) ?? null,
    chunks: async (body) => [...(bodies.get(body)?.keys() ?? [])].toSorted((a, b) => a - b),
    drop: async (space, id) => drop(keyOf(space, id)),
    dropSpace: async (space) => {
      for (const [key, row] of rows) if (row.space === space) drop(key);
    },
    dropLoose: async (except) => {
      const owned = new Set([...rows.values()].map(({ body }) => body));
      for (const body of bodies.keys()) {
        if (!owned.has(body) && !except.has(body)) bodies.delete(body);
      }
    },
    close: () => {},
  };
}

function keyOf(space: string, id: string): string {
  return `${space}/${id}`;
}
