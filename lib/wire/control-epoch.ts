// The part of a control entry that starts an epoch, or brings more devices into the running one.
import { isBytes, isCount, type CborValue } from './cbor.ts';
import { ascend, parseList } from './control-parts.ts';

export const MAX_WRAPS = 1024;
/** HPKE wraps; other schemes may carry other parts. */
const WRAP_SCHEME = 0;
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

/** A new epoch, or the running one for more devices. */
export interface EpochPart {
  readonly number: number;
  /** 32 bytes: commits to the secret; the same secret never twice in a space. */
  readonly commitment: Uint8Array;
  /** 32 bytes: public half of the epoch's access key. */
  readonly access: Uint8Array;
  /** In ascending order of device. */
  readonly wraps: readonly Wrap[];
  readonly previous: SealedSecret | null;
}

export function encodeEpoch({ number, commitment, access, wraps, previous }: EpochPart): CborValue {
  return [
    WRAP_SCHEME,
    number,
    commitment,
    access,
    wraps.map(({ device, enc, ciphertext }) => [device, enc, ciphertext]),
    previous === null ? null : [previous.nonce, previous.ciphertext],
  ];
}

/** The epoch part that these decoded parts are, or null. */
export function parseEpoch(part: unknown): EpochPart | null {
  if (!Array.isArray(part) || part.length !== 6 || part[0] !== WRAP_SCHEME) return null;
  const [, number, commitment, access, wrapList, sealed]: unknown[] = part;
  if (!isCount(number) || !isBytes(commitment, 32) || !isBytes(access, 32)) return null;
  const wraps = parseList(wrapList, MAX_WRAPS, parseWrap);
  if (wraps === null || !ascend(wraps.map(({ device }) => device))) return null;
  const previous = sealed === null ? null : parseSealed(sealed);
  if (sealed !== null && previous === null) return null;
  return { number, commitment, access, wraps, previous };
}

function parseWrap(part: unknown): Wrap | null {
  if (!Array.isArray(part) || part.length !== 3) return null;
  const [device, enc, ciphertext]: unknown[] = part;
  if (!isBytes(device, 32) || !isBytes(enc, 32)) return null;
  return isBytes(ciphertext, SECRET_AND_TAG_BYTES) ? { device, enc, ciphertext } : null;
}

function parseSealed(part: unknown): SealedSecret | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [nonce, ciphertext]: unknown[] = part;
  if (!isBytes(nonce, 12) || !isBytes(ciphertext, SECRET_AND_TAG_BYTES)) return null;
  return { nonce, ciphertext };
}
