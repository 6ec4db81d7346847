// What a node keeps of each space it is in, beside the space's log.
import { deriveAccessSigner } from '../group/epoch-keys.ts';
import { randomBytes } from '../identity/hash.ts';
import { keyOfDid } from '../identity/did-key.ts';
import { spaceIdOf } from '../log/space-id.ts';
import { toHex } from '../wire/bytes.ts';
import type { Result } from '../wire/failure.ts';
import type { AuthorSecret } from '../wire/space-export.ts';
import { encodeGenesis, type KeyScheme } from '../wire/space-genesis.ts';
import { ok } from '../wire/failure.ts';

export interface EpochSecret {
  readonly epoch: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** What is known of a space that was opened from a file by someone who is not in it. */
export interface ArchiveFacts {
  readonly keys: readonly AuthorSecret[];
  readonly exportedAt: number;
  /** did:key of the person whose device made the file, as its signature proves. */
  readonly exportedBy: string;
  /** Names the file, hex. */
  readonly file: string;
}

export interface SpaceRecord {
  /** Hex. */
  readonly id: string;
  readonly genesis: Uint8Array;
  /** 32 bytes: the secret of epoch 0, where this device made it; the control log brings all others. */
  readonly secret: Uint8Array | null;
  /**
   * Secrets of epochs that another device of this person handed on, or that a key held which this device had before: they
   * open doors and entries until the control log has brought the device its own.
   */
  readonly passes: readonly EpochSecret[];
  /** Base address (http) of the relay it meets on; null for the home space of a person with one device. */
  readonly relay: string | null;
  /** Shown until the board has been read. */
  readonly name: string;
  readonly joinedAt: number;
  /** Who invited this person; null for a space of one's own. */
  readonly invitedBy: string | null;
  /** Only to be looked at, and apart from the network; absent for a space that one is in. */
  readonly archive?: ArchiveFacts;
}

/** With the secret that its maker has just drawn. */
export type OwnSpaceRecord = SpaceRecord & { readonly secret: Uint8Array };

export interface NewSpace {
  /** did:key of the person who makes it. */
  readonly creator: string;
  readonly name: string;
  readonly relay: string | null;
  readonly now: number;
  /** How its keys reach devices; wrapped if not said. */
  readonly keys?: KeyScheme;
}

/** A new space of one's own. Failure: `malformed` when `creator` is no did:key. */
export async function newSpaceRecord(options: NewSpace): Promise<Result<OwnSpaceRecord>> {
  const creator = keyOfDid(options.creator);
  if (!creator.ok) return creator;
  const secret = randomBytes(32);
  const access = (await deriveAccessSigner(secret, 0)).publicKey;
  const salt = randomBytes(16);
  const { relay, name, now, keys = 'wrap' } = options;
  const facts = { creator: creator.value, salt, access, createdAt: now, keys };
  const genesis = encodeGenesis(facts);
  const id = toHex(spaceIdOf(genesis));
  return ok({ id, genesis, secret, passes: [], relay, name, joinedAt: now, invitedBy: null });
}
