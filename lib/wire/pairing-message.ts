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
  /** 32 bytes, X25519, and the device's 64 bytes of signature that it is its own: secrets are sealed to it. */
  readonly wrapKey: Uint8Array;
  readonly wrapSignature: Uint8Array;
  /** What the new device calls itself; shown, never trusted. */
  readonly label: string;
  /** Given where the phrase was typed at the new device. */
  readonly certificate: Uint8Array | null;
  /** 64 bytes, by the newcomer's device key. */
  readonly signature: Uint8Array;
}

/** The home space, which only the person's own devices are in. All that is theirs is found from there. */
export interface PairedHome {
  readonly genesis: Uint8Array;
  /** Base address (http) of the relay at which the person's devices meet. */
  readonly relay: string;
  /** Its control log, certified entries from height 1 on: it lets the new device in and brings the keys. */
  readonly control: readonly Uint8Array[];
}

export interface PairingGrant {
  /** The certificate of the new device. */
  readonly certificate: Uint8Array;
  /** What the person is called. */
  readonly name: string;
  /** What the person has said about their devices, as signed. */
  readonly statements: readonly Uint8Array[];
  readonly home: PairedHome;
  /** 64 bytes, by the host's device key. */
  readonly signature: Uint8Array;
}

const VERSION = 1;
const STEPS: readonly PairingStep[] = ['hello', 'answer', 'reveal', 'grant', 'receipt'];
const MAX_SMALL_BYTES = 4 * 1024;
export const MAX_PAIRING_BYTES = 768 * 1024;
const MAX_CONTROL_ENTRIES = 2_000;
const MAX_CONTROL_ENTRY_BYTES = 256 * 1024;
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
  const [exchangeKey, blind, deviceKey, wrapKey, wrapSignature, label, certificate, signature] =
    parts.value;
  if (parts.value.length !== 8 || !isBytes(exchangeKey, 65) || !isBytes(blind, 32)) {
    return malformed();
  }
  if (!isBytes(deviceKey, 32) || !isBytes(wrapKey, 32) || !isBytes(wrapSignature, 64)) {
    return malformed();
  }
  if (!isText(label) || !isBytes(signature, 64)) return malformed();
  if (certificate !== null && !isCertificate(certificate)) return malformed();
  const keys = { exchangeKey, blind, deviceKey, wrapKey, wrapSignature };
  return ok({ ...keys, label, certificate, signature });
}

export function encodePairingGrant(grant: PairingGrant): Uint8Array {
  const { certificate, name, statements, home, signature } = grant;
  const { genesis, relay, control } = home;
  return encodeCbor([certificate, name, statements, [genesis, relay, control], signature]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodePairingGrant(bytes: Uint8Array): Result<PairingGrant> {
  const parts = decodeParts(bytes, MAX_PAIRING_BYTES);
  if (!parts.ok) return parts;
  const [certificate, name, statements, part, signature] = parts.value;
  if (parts.value.length !== 5 || !isCertificate(certificate) || !isText(name)) return malformed();
  if (!isListOf(statements, MAX_STATEMENTS, isStatement) || !isBytes(signature, 64)) {
    return malformed();
  }
  const home = parseHome(part);
  return home === null ? malformed() : ok({ certificate, name, statements, home, signature });
}

function revealFields(reveal: Omit<PairingReveal, 'signature'>) {
  const { exchangeKey, blind, deviceKey, wrapKey, wrapSignature, label, certificate } = reveal;
  return [exchangeKey, blind, deviceKey, wrapKey, wrapSignature, label, certificate];
}

function parseHome(value: unknown): PairedHome | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [genesis, relay, control]: unknown[] = value;
  if (!(genesis instanceof Uint8Array) || genesis.length > MAX_GENESIS_BYTES) return null;
  if (!isText(relay) || !isListOf(control, MAX_CONTROL_ENTRIES, isControlEntry)) return null;
  return { genesis, relay, control };
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

function isControlEntry(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_CONTROL_ENTRY_BYTES;
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
