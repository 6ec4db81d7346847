// The test vectors that were published with RFC 9420, for our cipher suite: a part of them in test/vectors/mls, and all where
// MLS_VECTORS names a folder with the published files.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { mlsSuite } from '../../lib/group/mls-suite.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import { unhex } from './unhex.ts';

const OWN_FOLDER = join(import.meta.dirname, '..', 'vectors', 'mls');
const FOLDER = process.env['MLS_VECTORS'] ?? OWN_FOLDER;
/** Whether all published vectors are run. */
export const IS_WHOLE = FOLDER !== OWN_FOLDER;
const CIPHER_SUITE = 1;

/** Throws when there is none, so that a test of nothing fails. */
export async function vectors<T>(name: string): Promise<T[]> {
  const list: unknown = JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8'));
  if (!Array.isArray(list)) throw new Error(`expected a list in ${name}.json`);
  const ours = list.filter(
    (each: { cipher_suite?: number }) => (each.cipher_suite ?? CIPHER_SUITE) === CIPHER_SUITE,
  );
  if (ours.length === 0) throw new Error(`expected vectors in ${name}.json`);
  // Published files have the shape that their description gives; a slip fails the test.
  return ours as T[];
}

/** Our cipher suite with the Ed25519 key of a vector in the place of a device's. */
export async function suiteOf(seed?: string): Promise<CiphersuiteImpl> {
  if (seed === undefined) return mlsSuite(NOBODY);
  return mlsSuite(await signerOfSeed(unhex(seed)));
}

const NOBODY = { sign: () => Promise.reject(new Error('nobody signs here')) };

/** What a decoder of the library reads from hex; all of it, or the test fails. */
export function decoded<T>(
  decode: (bytes: Uint8Array, offset: number) => [T, number] | undefined,
  hex: string,
): T {
  const bytes = unhex(hex);
  const [value, length] = decode(bytes, 0) ?? [null, 0];
  if (value === null || length !== bytes.length) throw new Error('expected one whole value');
  return value;
}

/** The context of a group as vectors describe it. */
export function contextOf(data: {
  readonly group_id: string;
  readonly epoch: number;
  readonly tree_hash: string;
  readonly confirmed_transcript_hash: string;
}) {
  return {
    version: 'mls10',
    cipherSuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
    groupId: unhex(data.group_id),
    epoch: BigInt(data.epoch),
    treeHash: unhex(data.tree_hash),
    confirmedTranscriptHash: unhex(data.confirmed_transcript_hash),
    extensions: [],
  } as const;
}

export function contextWith(
  data: Omit<Parameters<typeof contextOf>[0], 'tree_hash'>,
  treeHash: Uint8Array,
  epoch = data.epoch,
) {
  return {
    ...contextOf({ ...data, tree_hash: '' }),
    treeHash,
    epoch: BigInt(epoch),
    extensions: [],
  };
}
