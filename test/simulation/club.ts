// The space that a simulation is about, who may write in it, and how each shows that it belongs.
import { createHash } from 'node:crypto';
import { deriveAccessSigner, singleEpochKeys, type EpochKeys } from '../../lib/group/epoch-keys.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { spaceIdOf } from '../../lib/log/space-id.ts';
import type { SpaceDoor } from '../../lib/sync/space-door.ts';
import { equalBytes, toHex } from '../../lib/wire/bytes.ts';
import { fail, ok, unwrap } from '../../lib/wire/failure.ts';
import { decodeGenesis, encodeGenesis } from '../../lib/wire/space-genesis.ts';
import type { Random } from './random.ts';

export interface Club {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly genesis: Uint8Array;
  readonly secret: Uint8Array;
  /** Who made it, and decides who is in it; null where nobody does, and whoever holds the secret may write. */
  readonly founder: Signer | null;
  /** The documents that people work on. */
  readonly pages: readonly string[];
}

const CREATED_AT_MS = Date.UTC(2026, 0, 1);

/** With a control log if it `isGroup`. */
export async function createClub(random: Random, isGroup: boolean): Promise<Club> {
  const secret = random.bytes(32);
  const access = await deriveAccessSigner(secret, 0);
  const creator = await signerOfSeed(random.bytes(32));
  const genesis = encodeGenesis({
    creator: creator.publicKey,
    salt: random.bytes(16),
    access: access.publicKey,
    createdAt: CREATED_AT_MS,
    keys: 'wrap',
  });
  const bytes = spaceIdOf(genesis);
  const pages = Array.from({ length: random.between(1, 3) }, (_, number) => pageId(number));
  const founder = isGroup ? creator : null;
  return { id: toHex(bytes), bytes, genesis, secret, founder, pages };
}

export function keysOf(club: Club): EpochKeys {
  return singleEpochKeys(club.secret);
}

/** The door of a member. */
export function doorOf(club: Club, keys: EpochKeys): SpaceDoor {
  const isOurs = (space: Uint8Array): boolean => equalBytes(space, club.bytes);
  return {
    ticket: async (space) => {
      if (!isOurs(space)) return null;
      const signer = unwrap(await keys.accessSigner(keys.current()));
      return { genesis: club.genesis, sign: (message) => signer.sign(message) };
    },
    accessKey: async (space) => {
      const genesis = decodeGenesis(club.genesis);
      if (!isOurs(space)) return fail('not_found', 'Not a space of this node.', 'Join it first.');
      return genesis.ok ? ok(genesis.value.access) : genesis;
    },
  };
}

function pageId(number: number): string {
  return `page/${createHash('sha256').update(`page ${number}`).digest('hex')}`;
}
