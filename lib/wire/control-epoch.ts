// The part of a control entry that starts an epoch, or brings more devices into the running one.
import { isBytes, isCount, type CborValue } from './cbor.ts';
import { ascend, parseList } from './control-parts.ts';

export const MAX_WRAPS = 1024;
/** Of a Commit or a Welcome; the entry around it bounds both together. */
export const MAX_MLS_MESSAGE_BYTES = 128 * 1024;
const WRAP_SCHEME = 0;
const MLS_SCHEME = 1;
const SECRET_AND_TAG_BYTES = 48;

/** An epoch's secret, sealed to one device (RFC 9180, base mode). */
export interface Wrap {
  readonly device: Uint8Array;
  /** 32 bytes: the encapsulated key. */
  readonly enc: Uint8Array;
  /** 48 bytes. */
  readonly ciphertext: Uint8Array;
}

/** The secret of the epoch before, sealed under this epoch's. */
export interface SealedSecret {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

interface AnyEpoch {
  readonly number: number;
  /** 32 bytes: commits to the secret; the same secret never twice in a space. */
  readonly commitment: Uint8Array;
  /** 32 bytes: public half of the epoch's access key. */
  readonly access: Uint8Array;
  readonly previous: SealedSecret | null;
}

/** A new epoch, or the running one for more devices. */
export interface WrapEpoch extends AnyEpoch {
  readonly scheme: 'wrap';
  /** In ascending order of device. */
  readonly wraps: readonly Wrap[];
}

/** A new epoch, whose secret an MLS group exports (RFC 9420). The messages are opaque here and to whoever is no member. */
export interface MlsEpoch extends AnyEpoch {
  readonly scheme: 'mls';
  /** MLSMessage with a Commit; null: a new MLS group begins with this entry, and everyone else joins by the Welcome. */
  readonly commit: Uint8Array | null;
  /** MLSMessage with a Welcome for the devices that come in; null when none does. */
  readonly welcome: Uint8Array | null;
}

export type EpochPart = WrapEpoch | MlsEpoch;

export function encodeEpoch(part: EpochPart): CborValue {
  const { number, commitment, access, previous } = part;
  const sealed = previous === null ? null : [previous.nonce, previous.ciphertext];
  if (part.scheme === 'mls') {
    return [MLS_SCHEME, number, commitment, access, [part.commit, part.welcome], sealed];
  }
  const wraps = part.wraps.map(({ device, enc, ciphertext }) => [device, enc, ciphertext]);
  return [WRAP_SCHEME, number, commitment, access, wraps, sealed];
}

/** The epoch part that these decoded parts are, or null. */
export function parseEpoch(part: unknown): EpochPart | null {
  if (!Array.isArray(part) || part.length !== 6) return null;
  const [scheme, number, commitment, access, given, sealed]: unknown[] = part;
  if (!isCount(number) || !isBytes(commitment, 32) || !isBytes(access, 32)) return null;
  const previous = sealed === null ? null : parseSealed(sealed);
  if (sealed !== null && previous === null) return null;
  const epoch = { number, commitment, access, previous };
  if (scheme === MLS_SCHEME) return parseMessages(epoch, given);
  return scheme === WRAP_SCHEME ? parseWraps(epoch, given) : null;
}

function parseWraps(epoch: AnyEpoch, list: unknown): WrapEpoch | null {
  const wraps = parseList(list, MAX_WRAPS, parseWrap);
  if (wraps === null || !ascend(wraps.map(({ device }) => device))) return null;
  return { ...epoch, scheme: 'wrap', wraps };
}

function parseMessages(epoch: AnyEpoch, pair: unknown): MlsEpoch | null {
  if (!Array.isArray(pair) || pair.length !== 2) return null;
  const [commit, welcome]: unknown[] = pair;
  if (!isMessage(commit) || !isMessage(welcome)) return null;
  return { ...epoch, scheme: 'mls', commit, welcome };
}

function isMessage(value: unknown): value is Uint8Array | null {
  if (value === null) return true;
  return value instanceof Uint8Array && value.length > 0 && value.length <= MAX_MLS_MESSAGE_BYTES;
}

function parseWrap(part: unknown): Wrap | null {
  if (!Array.isArray(part) || part.length !== 3) return null;
  const [device, enc, ciphertext]: unknown[] = part;
  if (!isBytes(device, 32) || !isBytes(enc, 32)) return null;
  return isBytes(ciphertext, SECRET_AND_TAG_BYTES) ? { device, enc, ciphertext } : null;
}

export function parseSealed(part: unknown): SealedSecret | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [nonce, ciphertext]: unknown[] = part;
  if (!isBytes(nonce, 12) || !isBytes(ciphertext, SECRET_AND_TAG_BYTES)) return null;
  return { nonce, ciphertext };
}
