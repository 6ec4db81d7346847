// The keys of a space's epochs behind one interface, and the simplest set: one epoch, whose secret travels in the invite.
import { deriveKey, hashOf } from '../identity/hash.ts';
import { signerOfSeed, type Signer } from '../identity/signer.ts';
import { encodeCbor } from '../wire/cbor.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

/** What seals one author's entries in one epoch. */
export interface AuthorKey {
  /** AES-256-GCM. */
  readonly key: CryptoKey;
  /** 32 bytes: commits to the key, since AES-GCM itself does not. */
  readonly commitment: Uint8Array;
}

export interface EpochKeys {
  /** Number of the epoch in which new entries are sealed. */
  current(): number;
  /** Failure `permission_denied`: this replica does not hold that epoch's secret. */
  authorKey(epoch: number, author: Uint8Array): Promise<Result<AuthorKey>>;
  /** Seals presence, which is never stored. */
  presenceKey(epoch: number): Promise<Result<CryptoKey>>;
  /** Shows a relay or a peer that this node holds the current epoch. */
  accessSigner(epoch: number): Promise<Result<Signer>>;
}

/** What one epoch's secret gives, each made once. */
export interface KeysOfSecret {
  authorKey(author: Uint8Array): Promise<AuthorKey>;
  presenceKey(): Promise<CryptoKey>;
  accessSigner(): Promise<Signer>;
}

export function keysOfSecret(secret: Uint8Array, epoch: number): KeysOfSecret {
  const authors = new Map<string, Promise<AuthorKey>>();
  let presence: Promise<CryptoKey> | undefined;
  let access: Promise<Signer> | undefined;
  return {
    authorKey: (author) =>
      remember(authors, author, () => authorKeyOf(rawAuthorKey(secret, epoch, author))),
    presenceKey: () =>
      (presence ??= importAesKey(deriveKey(secret, 'presence-key', epochContext(epoch)))),
    accessSigner: () => (access ??= deriveAccessSigner(secret, epoch)),
  };
}

/** One secret of 32 bytes for epoch 0. */
export function singleEpochKeys(secret: Uint8Array): EpochKeys {
  const keys = keysOfSecret(secret, 0);
  return {
    current: () => 0,
    authorKey: (epoch, author) => held(epoch, () => keys.authorKey(author)),
    presenceKey: (epoch) => held(epoch, () => keys.presenceKey()),
    accessSigner: (epoch) => held(epoch, () => keys.accessSigner()),
  };
}

/** The access key of an epoch, needed before a space exists: its genesis commits to the public half. */
export function deriveAccessSigner(secret: Uint8Array, epoch: number): Promise<Signer> {
  return signerOfSeed(deriveKey(secret, 'access-key', epochContext(epoch)));
}

/** 32 bytes: what opens the entries of one author in one epoch. */
export function rawAuthorKey(
  secret: Uint8Array,
  epoch: number,
  author: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return deriveKey(secret, 'author-key', encodeCbor([epoch, author]));
}

export async function authorKeyOf(raw: Uint8Array<ArrayBuffer>): Promise<AuthorKey> {
  return { key: await importAesKey(raw), commitment: hashOf('key-commitment', raw) };
}

function importAesKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function epochContext(epoch: number): Uint8Array {
  return encodeCbor([epoch]);
}

async function held<T>(epoch: number, make: () => Promise<T>): Promise<Result<T>> {
  return epoch === 0 ? ok(await make()) : unknownEpoch(epoch);
}

function remember<T>(
  cache: Map<string, Promise<T>>,
  author: Uint8Array,
  make: () => Promise<T>,
): Promise<T> {
  const id = String.fromCharCode(...author);
  const known = cache.get(id);
  if (known !== undefined) return known;
  const made = make();
  cache.set(id, made);
  return made;
}

export function unknownEpoch(epoch: number): Result<never> {
  return fail(
    'permission_denied',
    `This browser has no key for epoch ${epoch} of the space.`,
    'Ask a member for a new invite link.',
  );
}
