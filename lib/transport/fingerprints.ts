// The binding of a WebRTC connection: what both ends know of each other's DTLS certificate, as 32 bytes.
// A relay in the middle would have to hold the private key of one of the two certificates to make both ends agree.
import { utf8 } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

const DOMAIN = 'commonplace/dtls-binding/v1';

/**
 * The SHA-256 of a domain separator and both fingerprints in order. Each description must name exactly one
 * SHA-256 fingerprint: a browser accepts a certificate that matches any of several, so an attacker who may
 * list two could make both ends compute one hash over {real, his own}. Failure: `malformed`.
 */
export async function bindingOf(localSdp: string, remoteSdp: string): Promise<Result<Uint8Array>> {
  const local = onlyFingerprint(localSdp);
  const remote = onlyFingerprint(remoteSdp);
  if (!local || !remote || local === remote) return AMBIGUOUS;
  const bytes = utf8([DOMAIN, ...[local, remote].toSorted()].join('\n'));
  return ok(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** The one SHA-256 fingerprint that a description names, or null when it names none, another kind, or several. */
export function onlyFingerprint(sdp: string): string | null {
  const found = sdp.matchAll(/^a=fingerprint:(\S*)[ \t]*(\S*)/gim);
  const named = new Set([...found].map(([, hash, value]) => `${hash} ${value}`.toUpperCase()));
  const [only] = named;
  return named.size === 1 && only && /^SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(only)
    ? only
    : null;
}

const AMBIGUOUS = fail(
  'malformed',
  'The other side did not name exactly one certificate for its connection.',
  'Connect through another relay: this one may be altering connections.',
);
