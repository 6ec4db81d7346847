// Who is here: small messages sealed for the members of a space, signed by a device, never stored.
import type { EpochKeys } from '../group/epoch-keys.ts';
import { hashOf, randomBytes } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import { concatBytes } from '../wire/bytes.ts';
import { decodeCbor, encodeCbor, isBytes, isCount } from '../wire/cbor.ts';
import { MAX_PRESENCE_BYTES } from '../wire/sync-message.ts';

export interface Presence {
  /** 32 bytes. */
  readonly device: Uint8Array;
  /** Where the device takes direct connections; null when it does not. */
  readonly peerId: string | null;
  readonly at: number;
  /** Wants to hear who else is here. */
  readonly asks: boolean;
}

const VERSION = 1;
const NONCE_BYTES = 12;

export async function sealPresence(
  presence: Omit<Presence, 'device'>,
  space: Uint8Array,
  keys: EpochKeys,
  signer: Signer,
): Promise<Uint8Array | null> {
  const key = await keys.presenceKey(keys.current());
  if (!key.ok) return null;
  const { peerId, at, asks } = presence;
  const said = encodeCbor([VERSION, signer.publicKey, peerId, at, asks]);
  const signature = await signer.sign(hashOf('presence', space, said));
  const nonce = randomBytes(NONCE_BYTES);
  const plain = new Uint8Array(encodeCbor([said, signature]));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key.value, plain);
  return concatBytes(nonce, new Uint8Array(sealed));
}

/** Null for anything that no member of the space has said. */
export async function openPresence(
  sealed: Uint8Array,
  space: Uint8Array,
  keys: EpochKeys,
): Promise<Presence | null> {
  const key = await keys.presenceKey(keys.current());
  if (!key.ok || sealed.length <= NONCE_BYTES) return null;
  try {
    const iv = new Uint8Array(sealed.subarray(0, NONCE_BYTES));
    const body = new Uint8Array(sealed.subarray(NONCE_BYTES));
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key.value, body);
    return await readSaid(new Uint8Array(plain), space);
  } catch {
    return null;
  }
}

async function readSaid(plain: Uint8Array, space: Uint8Array): Promise<Presence | null> {
  const envelope = decodeCbor(plain, MAX_PRESENCE_BYTES);
  if (!envelope.ok || !Array.isArray(envelope.value)) return null;
  const [said, signature]: unknown[] = envelope.value;
  if (!(said instanceof Uint8Array) || !isBytes(signature, 64)) return null;
  const decoded = decodeCbor(said, MAX_PRESENCE_BYTES);
  if (!decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 5) return null;
  const [version, device, peerId, at, asks]: unknown[] = decoded.value;
  if (version !== VERSION || !isBytes(device, 32) || !isCount(at)) return null;
  if (!isPeerId(peerId) || typeof asks !== 'boolean') return null;
  const isSigned = await verify(device, hashOf('presence', space, said), signature);
  return isSigned ? { device, peerId, at, asks } : null;
}

function isPeerId(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && /^[0-9a-f]{16,64}$/.test(value));
}
