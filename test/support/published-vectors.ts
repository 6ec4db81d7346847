// Published Ed25519 vectors: Project Wycheproof's and those of ed25519-speccheck, as they lie in test/vectors, with what
// our one acceptance rule says of each.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { inRoot } from '../../scripts/root.ts';
import type { SignatureCase } from './ed25519-cases.ts';

export type PublishedCase = Omit<SignatureCase, 'isRegistrable'>;

const hex = z.string().regex(/^([0-9a-f]{2})*$/);

/** A key, and its tests: number, comment, message, signature, verdict. */
const wycheproof = z.object({
  groups: z.array(
    z.tuple([
      hex,
      z.array(z.tuple([z.number(), z.string(), hex, hex, z.enum(['valid', 'invalid'])])),
    ]),
  ),
});

/** Message, key, signature. */
const speccheck = z.object({ cases: z.array(z.tuple([hex, hex, hex])).length(12) });

/** Only this one satisfies the equation without a cofactor and is spelled as it must be; its key cannot be registered. */
const VALID_SPECCHECK_CASE = 3;

export async function publishedCases(): Promise<PublishedCase[]> {
  const { groups } = wycheproof.parse(await read('ed25519-wycheproof.json'));
  const { cases } = speccheck.parse(await read('ed25519-speccheck.json'));
  const published = groups.flatMap(([key, tests]) =>
    tests.map(([number, comment, message, signature, result]) => ({
      name: `wycheproof ${number}: ${comment}`,
      key,
      message,
      signature,
      isValid: result === 'valid',
    })),
  );
  const edge = cases.map(([message, key, signature], i) => ({
    name: `speccheck ${i}`,
    key,
    message,
    signature,
    isValid: i === VALID_SPECCHECK_CASE,
  }));
  return [...published, ...edge];
}

async function read(name: string): Promise<unknown> {
  return JSON.parse(await readFile(inRoot('test', 'vectors', name), 'utf8'));
}
