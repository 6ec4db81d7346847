// An invite: the way into a space's lobby, in the fragment of a link, which no server ever sees. Whoever holds it can
// ask to be let in and read what is said in the lobby; the space itself opens only to devices that a steward admits.
import { fromBase64Url, toBase64Url } from './bytes.ts';
import { decodeCbor, encodeCbor, isBytes, isCount } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';
import { MAX_GENESIS_BYTES } from './sync-message.ts';

export interface Invite {
  /** The genesis of the lobby, a small space of its own. */
  readonly lobby: Uint8Array;
  /** 32 bytes: the lobby's secret. */
  readonly secret: Uint8Array;
  /** The genesis of the space that the invite is for. */
  readonly genesis: Uint8Array;
  /** Base address of the relay, http(s). */
  readonly relay: string;
  readonly spaceName: string;
  readonly inviterName: string;
  /** Certificate of the device that signed the invite. */
  readonly certificate: Uint8Array;
  readonly createdAt: number;
}

export interface SignedInvite extends Invite {
  /** 64 bytes, by the certified device, over the hash of `unsignedInvite`. */
  readonly signature: Uint8Array;
}

const VERSION = 2;
const MAX_INVITE_BYTES = 4096;
/** In base64url. */
const MAX_FRAGMENT_CHARS = Math.ceil((MAX_INVITE_BYTES * 4) / 3);
const MAX_NAME_CHARS = 80;

export function unsignedInvite(invite: Invite): Uint8Array {
  return encodeCbor(fieldsOf(invite));
}

/** `<relay>/join#<base64url>`. */
export function inviteLink(invite: SignedInvite): string {
  const packed = encodeCbor([...fieldsOf(invite), invite.signature]);
  return `${invite.relay}/join#${toBase64Url(packed)}`;
}

/**
 * The invite in a link, or in its fragment alone. Checks the form only: the signature is the reader's to verify.
 * Failures: `malformed`, `unsupported_version`.
 */
export function parseInviteLink(link: string): Result<SignedInvite> {
  const fragment = link.slice(link.lastIndexOf('#') + 1).trim();
  if (fragment.length > MAX_FRAGMENT_CHARS) return malformed();
  const bytes = fromBase64Url(fragment);
  if (bytes === null || bytes.length === 0) return malformed();
  const decoded = decodeCbor(bytes, MAX_INVITE_BYTES);
  if (!decoded.ok) return malformed();
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts)) return malformed();
  if (isCount(parts[0]) && parts[0] > VERSION) return tooNew();
  return parts.length === 10 && parts[0] === VERSION ? parseParts(parts) : malformed();
}

/**
 * True for an address of an invite, also one that was cut off or altered on its way. Every invite begins alike: an
 * list of ten (nine in the first version), then a small version.
 */
export function isInviteAddress(url: string): boolean {
  return /^https?:[^#]*\/join(?:\?[^#]*)?#i[gQ]/.test(url);
}

function parseParts(parts: readonly unknown[]): Result<SignedInvite> {
  const [, lobby, secret, genesis, relay, spaceName, inviterName] = parts;
  const [certificate, createdAt, signature] = parts.slice(7);
  if (!isGenesis(lobby) || !isGenesis(genesis)) return malformed();
  if (!isBytes(secret, 32) || !isBytes(signature, 64)) return malformed();
  if (!(certificate instanceof Uint8Array) || !isCount(createdAt)) return malformed();
  if (!isName(spaceName) || !isName(inviterName)) return malformed();
  const address = typeof relay === 'string' ? relayAddress(relay) : null;
  if (address === null || address !== relay) return malformed();
  const names = { relay: address, spaceName, inviterName };
  return ok({ lobby, secret, genesis, ...names, certificate, createdAt, signature });
}

/** A relay's base address as invites and settings spell it: http(s), no credentials, query or trailing slash. */
export function relayAddress(text: string): string | null {
  const parsed = URL.parse(text.trim());
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return null;
  const protocol = { 'ws:': 'http:', 'wss:': 'https:', 'http:': 'http:', 'https:': 'https:' }[
    parsed.protocol
  ];
  if (protocol === undefined || parsed.host === '') return null;
  return `${protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`;
}

function fieldsOf(invite: Invite) {
  const { lobby, secret, genesis, relay, spaceName, inviterName, certificate, createdAt } = invite;
  const names = [relay, spaceName, inviterName];
  return [VERSION, lobby, secret, genesis, ...names, certificate, createdAt];
}

function isGenesis(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_GENESIS_BYTES;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_NAME_CHARS;
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is not a complete invite link. Nothing was joined.',
    'Copy the whole link again, from "http" to its last letter, or ask for a new one.',
  );
}

function tooNew(): Result<never> {
  return fail(
    'unsupported_version',
    'This invite was made by a newer version of Commonplace.',
    'Update Commonplace, then open the link again.',
  );
}
