// The keys of a space that came out of an export: they open what its authors wrote, and open no door.
import { toHex } from '../wire/bytes.ts';
import type { AuthorSecret } from '../wire/space-export.ts';
import { ok, type Result } from '../wire/failure.ts';
import { authorKeyOf, unknownEpoch, type AuthorKey, type EpochKeys } from './epoch-keys.ts';

export function archivedKeys(secrets: readonly AuthorSecret[]): EpochKeys {
  const raw = new Map(secrets.map(({ epoch, author, key }) => [nameOf(epoch, author), key]));
  const made = new Map<string, Promise<AuthorKey>>();
  return {
    current: () => secrets.reduce((newest, { epoch }) => Math.max(newest, epoch), 0),
    authorKey: async (epoch, author): Promise<Result<AuthorKey>> => {
      const name = nameOf(epoch, author);
      const key = raw.get(name);
      if (key === undefined) return unknownEpoch(epoch);
      const known = made.get(name) ?? authorKeyOf(new Uint8Array(key));
      made.set(name, known);
      return ok(await known);
    },
    presenceKey: async (epoch) => unknownEpoch(epoch),
    accessSigner: async (epoch) => unknownEpoch(epoch),
  };
}

function nameOf(epoch: number, author: Uint8Array): string {
  return `${epoch} ${toHex(author)}`;
}
