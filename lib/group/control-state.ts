// What the control log of a space says at one height: who is in, with which role, which devices, which epoch.
// A value that never changes; the next entry makes another.
import { isRegistrable } from '../identity/signature.ts';
import { spaceIdOf } from '../log/space-id.ts';
import { toHex } from '../wire/bytes.ts';
import type { CheckpointCarrier, Policy, Role } from '../wire/control-act.ts';
import type { LogPoint, LogPoints, Promotion } from '../wire/control-parts.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { decodeGenesis, type KeyScheme } from '../wire/space-genesis.ts';

/** Devices in a space, bounded so that the wraps of all fit into one entry beside the acts. */
export const MAX_DEVICES = 768;
/** The same where keys are MLS: a newcomer gets the whole tree. */
export const MAX_MLS_DEVICES = 256;

/** A key in hex, as the maps below use it. */
export type KeyId = string;

export interface Person {
  /** 32 bytes, Ed25519. */
  readonly key: Uint8Array;
  readonly role: Role;
  /**
   * The device that votes for this person, so that two of them cannot decide apart from each other. The first that came
   * in, unless said otherwise; null without devices.
   */
  readonly voter: KeyId | null;
}

export interface Device {
  readonly key: Uint8Array;
  readonly person: KeyId;
  /** 32 bytes, X25519: secrets are sealed to it. */
  readonly wrapKey: Uint8Array;
  /** MLSMessage with its KeyPackage, as it gave it; never null in a space with MLS keys. Nobody has looked into it here. */
  readonly keyPackage: Uint8Array | null;
}

/** A device that is out for good. Its entries up to the frontier stay. */
export interface GoneDevice extends LogPoint {
  readonly person: KeyId;
}

/** The history of a forked log through `seq` and `hash` stays; its segment ends there. */
export interface ForkCut {
  readonly segment: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array | null;
}

export interface Epoch {
  readonly number: number;
  /** Null only at epoch 0, as long as only the genesis speaks of it. */
  readonly commitment: Uint8Array | null;
  readonly access: Uint8Array;
}

export interface Checkpoint {
  /** Height of the entry that certifies it. */
  readonly height: number;
  readonly snapshot: Uint8Array;
  readonly heads: LogPoints;
  readonly carrier: CheckpointCarrier;
}

export interface ControlState {
  readonly space: Uint8Array;
  readonly height: number;
  /** 32 bytes: hash of the entry at this height; the space's id at height 0. */
  readonly head: Uint8Array;
  readonly persons: ReadonlyMap<KeyId, Person>;
  readonly devices: ReadonlyMap<KeyId, Device>;
  readonly gone: ReadonlyMap<KeyId, GoneDevice>;
  readonly cuts: ReadonlyMap<KeyId, readonly ForkCut[]>;
  readonly policy: Policy;
  /** For ever as the genesis says. */
  readonly keys: KeyScheme;
  /** By number; the last is the running one. */
  readonly epochs: readonly [Epoch, ...Epoch[]];
  readonly checkpoint: Checkpoint | null;
  /** Newest promotion of each artifact. */
  readonly promoted: ReadonlyMap<string, Promotion>;
}

/**
 * Height 0: the creator is the only person and the only steward, and no device is known yet. Failures as of
 * `decodeGenesis`; `malformed` also for a key that may not stand for anyone.
 */
export function createControlState(genesisBytes: Uint8Array): Result<ControlState> {
  const genesis = decodeGenesis(genesisBytes);
  if (!genesis.ok) return genesis;
  const { creator, access, keys } = genesis.value;
  if (!isRegistrable(creator) || !isRegistrable(access)) return weakKey();
  const space = spaceIdOf(genesisBytes);
  return ok({
    space,
    height: 0,
    head: space,
    persons: new Map([[toHex(creator), { key: creator, role: 'steward', voter: null }]]),
    devices: new Map(),
    gone: new Map(),
    cuts: new Map(),
    policy: { admit: 'by_hand', history: 'full', promotion: 0 },
    keys,
    epochs: [{ number: 0, commitment: null, access }],
    checkpoint: null,
    promoted: new Map(),
  });
}

export function currentEpoch({ epochs }: Pick<ControlState, 'epochs'>): Epoch {
  return epochs.at(-1) ?? epochs[0];
}

/** The role of a device's person, or null when the device is not in the space at this height. */
export function roleOf(state: ControlState, device: Uint8Array): Role | null {
  const person = state.devices.get(toHex(device))?.person;
  return person === undefined ? null : (state.persons.get(person)?.role ?? null);
}

/** Keys of the stewards, in ascending order. */
export function stewardsOf({ persons }: Pick<ControlState, 'persons'>): readonly KeyId[] {
  return [...persons]
    .filter(([, { role }]) => role === 'steward')
    .map(([id]) => id)
    .toSorted();
}

/** How many stewards make more than half. */
export function quorumOf(state: Pick<ControlState, 'persons'>): number {
  return Math.floor(stewardsOf(state).length / 2) + 1;
}

/** Devices of one person, or of all, in ascending order of key. */
export function devicesOf(
  { devices }: Pick<ControlState, 'devices'>,
  person?: KeyId,
): readonly Device[] {
  return [...devices]
    .filter(([, device]) => person === undefined || device.person === person)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, device]) => device);
}

function weakKey(): Result<never> {
  return fail(
    'malformed',
    'This space begins with a key that is not of prime order; programs would disagree about what it signed.',
    'Do not join it. A space made by Commonplace is never like this.',
  );
}

/** An entry of the control log that may not stand here, and why. */
export function notAllowed(message: string, remedy: string): Result<never> {
  return fail('conflict', message, remedy);
}
