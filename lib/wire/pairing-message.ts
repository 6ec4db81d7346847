// What two devices of one person say to each other while the second is taken in. Only the form: sealing, keys and order
// are lib/identity's. Every message travels in an envelope; what is inside is read after the seal was opened.
import { decodeCbor, encodeCbor, isBytes, isCount } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';
import { MAX_GENESIS_BYTES } from './sync-message.ts';

/** In the order in which they are said, by the newcomer and the host in turn. */
export type PairingStep = 'hello' | 'answer' | 'reveal' | 'grant' | 'receipt';

export interface PairingEnvelope {
  readonly step: PairingStep;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface PairingAnswer {
  /** 65 bytes: an uncompressed point of P-256, new for this pairing. */
  readonly exchangeKey: Uint8Array;
  /** The host device's certificate. */
  readonly certificate: Uint8Array;
}

export interface PairingReveal {
  readonly exchangeKey: Uint8Array;
  /** 32 random bytes that hid what was committed to. */
  readonly blind: Uint8Array;
  /** 32 bytes: the newcomer's device key. */
  readonly deviceKey: Uint8Array;
  /** What the new device calls itself; shown, never trusted. */
  readonly label: string;
  /** Given where the phrase was typed at the new device. */
  readonly certificate: Uint8Array | null;
  /** 64 bytes, by the newcomer's device key. */
  readonly signature: Uint8Array;
}

export interface PairedSpace {
  readonly genesis: Uint8Array;
  /** Base address (http) of the relay it meets on; null for a space that meets nowhere. */
  readonly relay: string | null;
  readonly name: string;
  /** The home space, which only the person's own devices are in. */
  readonly isHome: boolean;
  /** Secrets of epochs, 32 bytes each, oldest first. */
  readonly secrets: readonly { readonly epoch: number; readonly secret: Uint8Array }[];
}

export interface PairingGrant {
  /** The certificate of the new device. */
  readonly certificate: Uint8Array;
  /** What the person is called. */
  readonly name: string;
  /** What the person has said about their devices, as signed. */
  readonly statements: readonly Uint8Array[];
  readonly spaces: readonly PairedSpace[];
  /** 64 bytes, by the host's device key. */
  readonly signature: Uint8Array;
}

const VERSION = 1;
const STEPS: readonly PairingStep[] = ['hello', 'answer', 'reveal', 'grant', 'receipt'];
const MAX_SMALL_BYTES = 4 * 1024;
export const MAX_PAIRING_BYTES = 768 * 1024;
const MAX_SPACES = 1_000;
const MAX_SECRETS = 1_000;
const MAX_STATEMENTS = 256;
const MAX_STATEMENT_BYTES = 64 * 1024;
const MAX_CERTIFICATE_BYTES = 512;
const MAX_TEXT_CHARS = 400;

export function encodePairingEnvelope({ step, nonce, sealed }: PairingEnvelope): Uint8Array {
  return encodeCbor([VERSION, STEPS.indexOf(step), nonce, sealed]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version`. */
export function decodePairingEnvelope(bytes: Uint8Array): Result<PairingEnvelope> {
  const parts = decodeParts(bytes, MAX_PAIRING_BYTES);
  if (!parts.ok) return parts;
  const [version, number, nonce, sealed] = parts.value;
  if (isCount(version) && version > VERSION) return tooNew();
  if (parts.value.length !== 4 || version !== VERSION || !isCount(number)) return malformed();
  const step = STEPS[number];
  if (step === undefined || !isBytes(nonce, 12) || !(sealed instanceof Uint8Array)) {
    return malformed();
  }
  const isSmall = step === 'grant' || sealed.length <= MAX_SMALL_BYTES;
  return isSmall ? ok({ step, nonce, sealed }) : malformed();
}

export function encodePairingAnswer({ exchangeKey, certificate }: PairingAnswer): Uint8Array {
  return encodeCbor([exchangeKey, certificate]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodePairingAnswer(bytes: Uint8Array): Result<PairingAnswer> {
  const parts = decodeParts(bytes, MAX_SMALL_BYTES);
  if (!parts.ok) return parts;
  const [exchangeKey, certificate] = parts.value;
  if (parts.value.length !== 2 || !isBytes(exchangeKey, 65)) return malformed();
  return isCertificate(certificate) ? ok({ exchangeKey, certificate }) : malformed();
}

/** What the newcomer's signature is over. */
export function encodeUnsignedReveal(reveal: Omit<PairingReveal, 'signature'>): Uint8Array {
  return encodeCbor(revealFields(reveal));
}

export function encodePairingReveal(reveal: PairingReveal): Uint8Array {
  return encodeCbor([...revealFields(reveal), reveal.signature]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodePairingReveal(bytes: Uint8Array): Result<PairingReveal> {
  const parts = decodeParts(bytes, MAX_SMALL_BYTES);
  if (!parts.ok) return parts;
  const [exchangeKey, blind, deviceKey, label, certificate, signature] = parts.value;
  if (parts.value.length !== 6 || !isBytes(exchangeKey, 65) || !isBytes(blind, 32)) {
    return malformed();
  }
  if (!isBytes(deviceKey, 32) || !isText(label) || !isBytes(signature, 64)) return malformed();
  if (certificate !== null && !isCertificate(certificate)) return malformed();
  return ok({ exchangeKey, blind, deviceKey, label, certificate, signature });
}

export function encodePairingGrant(grant: PairingGrant): Uint8Array {
  const { certificate, name, statements, spaces, signature } = grant;
  return encodeCbor([certificate, name, statements, spaces.map(spaceFields), signature]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodePairingGrant(bytes: Uint8Array): Result<PairingGrant> {
  const parts = decodeParts(bytes, MAX_PAIRING_BYTES);
  if (!parts.ok) return parts;
  const [certificate, name, statements, spaces, signature] = parts.value;
  if (parts.value.length !== 5 || !isCertificate(certificate) || !isText(name)) return malformed();
  if (!isListOf(statements, MAX_STATEMENTS, isStatement) || !isBytes(signature, 64)) {
    return malformed();
  }
  if (!Array.isArray(spaces) || spaces.length > MAX_SPACES) return malformed();
  const read = spaces.map(parseSpace).filter((space) => space !== null);
  if (read.length !== spaces.length) return malformed();
  return ok({ certificate, name, statements, spaces: read, signature });
}

function revealFields(reveal: Omit<PairingReveal, 'signature'>) {
  const { exchangeKey, blind, deviceKey, label, certificate } = reveal;
  return [exchangeKey, blind, deviceKey, label, certificate];
}

function spaceFields({ genesis, relay, name, isHome, secrets }: PairedSpace) {
  return [genesis, relay, name, isHome, secrets.map(({ epoch, secret }) => [epoch, secret])];
}

function parseSpace(value: unknown): PairedSpace | null {
  if (!Array.isArray(value) || value.length !== 5) return null;
  const [genesis, relay, name, isHome, secrets]: unknown[] = value;
  if (!(genesis instanceof Uint8Array) || genesis.length > MAX_GENESIS_BYTES) return null;
  if (relay !== null && !isText(relay)) return null;
  if (!isText(name) || typeof isHome !== 'boolean') return null;
  if (!isListOf(secrets, MAX_SECRETS, isSecret)) return null;
  const read = secrets.map(([epoch, secret]) => ({ epoch, secret }));
  return { genesis, relay, name, isHome, secrets: read };
}

function isSecret(value: unknown): value is [number, Uint8Array] {
  return Array.isArray(value) && value.length === 2 && isCount(value[0]) && isBytes(value[1], 32);
}

function isListOf<T>(value: unknown, max: number, is: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.length <= max && value.every(is);
}

function isCertificate(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_CERTIFICATE_BYTES;
}

function isStatement(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_STATEMENT_BYTES;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_CHARS;
}

function decodeParts(bytes: Uint8Array, maxBytes: number): Result<readonly unknown[]> {
  const decoded = decodeCbor(bytes, maxBytes);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  return Array.isArray(parts) ? ok(parts) : malformed();
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'The other device did not follow the way in which devices are added.',
    'Update Commonplace on both devices, then start again with a new code.',
  );
}

function tooNew(): Result<never> {
  return fail(
    'unsupported_version',
    'The other device runs a newer version of Commonplace.',
    'Update Commonplace here, then start again with a new code.',
  );
}
