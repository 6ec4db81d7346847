// The common form of what one key says about another: [version, issuer, subject, time, signature], each kind under a
// domain of its own, so that a statement of one kind is never a statement of another.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from '../wire/cbor.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { equalBytes } from '../wire/bytes.ts';
import { hashOf } from './hash.ts';
import { isRegistrable, verify } from './signature.ts';
import type { Signer } from './signer.ts';

export type StatementDomain = 'device-certificate' | 'device-revocation' | 'agent-certificate';

export interface Statement {
  /** Ed25519 public keys that may stand for someone: canonical and of prime order. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The issuer's clock. */
  readonly at: number;
  /** What the kind adds; its reader parses it. */
  readonly extra: readonly unknown[];
}

const VERSION = 1;

export async function signStatement(
  domain: StatementDomain,
  issuer: Signer,
  [subject, at, ...extra]: readonly [Uint8Array, number, ...CborValue[]],
): Promise<Uint8Array> {
  const said = [VERSION, issuer.publicKey, subject, at, ...extra];
  const signature = await issuer.sign(hashOf(domain, encodeCbor(said)));
  return encodeCbor([...said, signature]);
}

export interface StatementLimits {
  readonly maxBytes: number;
  /** How many parts the kind adds. */
  readonly extraParts: number;
}

/**
 * Decodes and verifies. Failures: `malformed` (also a key that may not stand for anyone), `not_canonical`, `too_large`,
 * `unsupported_version`, `bad_signature`.
 */
export async function readStatement(
  domain: StatementDomain,
  bytes: Uint8Array,
  { maxBytes, extraParts }: StatementLimits,
): Promise<Result<Statement>> {
  const decoded = decodeCbor(bytes, maxBytes);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts)) return malformed();
  if (isCount(parts[0]) && parts[0] > VERSION) return tooNew();
  if (parts.length !== 5 + extraParts || parts[0] !== VERSION) return malformed();
  const [, issuer, subject, at]: unknown[] = parts;
  const signature: unknown = parts.at(-1);
  if (!isBytes(issuer, 32) || !isBytes(subject, 32) || equalBytes(issuer, subject)) {
    return malformed();
  }
  if (!isCount(at) || !isBytes(signature, 64)) return malformed();
  if (!isRegistrable(issuer) || !isRegistrable(subject)) return weakKey();
  // Decoding was strict, so encoding the parts again gives the very bytes that were signed.
  const signed = hashOf(domain, encodeCbor(parts.slice(0, -1) as CborValue[]));
  if (!(await verify(issuer, signed, signature))) return badSignature();
  return ok({ issuer, subject, at, extra: parts.slice(4, -1) });
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This does not say of any key whose it is.',
    'Update Commonplace on both sides.',
  );
}

function weakKey(): Result<never> {
  return fail(
    'malformed',
    'This speaks of a key that is not of prime order; programs would disagree about what it signed.',
    'Do not trust it. A key made by Commonplace is never like this.',
  );
}

function tooNew(): Result<never> {
  return fail(
    'unsupported_version',
    'This was signed by a newer version of Commonplace.',
    'Update Commonplace here, then try again.',
  );
}

function badSignature(): Result<never> {
  return fail(
    'bad_signature',
    'A key is said to belong to someone who did not sign that.',
    'Do not trust it. Ask the person to join again with a new invite link.',
  );
}
