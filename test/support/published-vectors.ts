// Published Ed25519 vectors, for whoever has them at hand: the folder that ED25519_VECTORS names holds Project
// Wycheproof's `ed25519_test.json` (testvectors_v1) and ed25519-speccheck's `cases.json`. They are not part of this tree.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SignatureCase } from './ed25519-cases.ts';

export type PublishedCase = Omit<SignatureCase, 'isRegistrable'>;

export const VECTORS_FOLDER = process.env['ED25519_VECTORS'];

const wycheproof = z.object({
  numberOfTests: z.number(),
  testGroups: z.array(
    z.object({
      publicKey: z.object({ pk: z.string() }),
      tests: z.array(
        z.object({
          tcId: z.number(),
          comment: z.string(),
          msg: z.string(),
          sig: z.string(),
          result: z.enum(['valid', 'invalid']),
        }),
      ),
    }),
  ),
});

const speccheck = z.array(
  z.object({ message: z.string(), pub_key: z.string(), signature: z.string() }),
);

export async function publishedCases(folder: string): Promise<PublishedCase[]> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { testGroups, numberOfTests } = wycheproof.parse(await read('ed25519_test.json'));
  const edge = speccheck.length(12).parse(await read('cases.json'));
  const cases = testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      name: `wycheproof ${tcId}: ${comment}`,
      key: publicKey.pk,
      message: msg,
      signature: sig,
      isValid: result === 'valid',
    })),
  );
  if (cases.length !== numberOfTests) throw new Error(`expected ${numberOfTests} tests`);
  return [
    ...cases,
    // Only case 3 satisfies the equation without a cofactor and is spelled as it must be; its key cannot be registered.
    ...edge.map(({ message, pub_key, signature }, i) => ({
      name: `speccheck ${i}`,
      key: pub_key,
      message,
      signature,
      isValid: i === 3,
    })),
  ];
}
