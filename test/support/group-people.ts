// People and devices as tests of groups need them: real keys, and in memory what a profile would keep on disk; and the
// acts that are about them.
import { enrol } from '../../lib/group/statements.ts';
import type { VoteMemory, VoteRecord } from '../../lib/group/voting.ts';
import { createWrapKey, type StoredWrapKey } from '../../lib/group/wrap-key.ts';
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { randomBytes } from '../../lib/identity/hash.ts';
import {
  createDeviceKey,
  signerOfDevice,
  signerOfSeed,
  type Signer,
} from '../../lib/identity/signer.ts';
import { compareBytes, toHex } from '../../lib/wire/bytes.ts';
import type { Act, Role } from '../../lib/wire/control-act.ts';
import type { Enrolment, LogPoint } from '../../lib/wire/control-parts.ts';

export const AT = 1_700_000_000_000;

export interface GroupPerson {
  readonly signer: Signer;
  readonly id: string;
}

export interface GroupDevice {
  readonly person: GroupPerson;
  readonly signer: Signer;
  readonly key: Uint8Array;
  readonly id: string;
  readonly certificate: Uint8Array;
  readonly wrapKey: StoredWrapKey;
  readonly enrolment: Enrolment;
  readonly memory: VoteMemory & { readonly records: ReadonlyMap<number, VoteRecord> };
}

export async function createPerson(): Promise<GroupPerson> {
  const signer = await signerOfSeed(randomBytes(32));
  return { signer, id: toHex(signer.publicKey) };
}

export async function createDevice(of?: GroupPerson): Promise<GroupDevice> {
  const person = of ?? (await createPerson());
  const signer = await signerOfDevice(await createDeviceKey());
  const certificate = await certifyDevice(person.signer, signer.publicKey, AT);
  const wrapKey = await createWrapKey();
  const enrolment = await enrol(signer, certificate, wrapKey.publicKey);
  const names = { key: signer.publicKey, id: toHex(signer.publicKey) };
  return { person, signer, ...names, certificate, wrapKey, enrolment, memory: createVoteMemory() };
}

export function createVoteMemory(): GroupDevice['memory'] {
  const records = new Map<number, VoteRecord>();
  return {
    records,
    change: async ({ height }, decide) => {
      const decided = decide(records.get(height) ?? null);
      if (decided.ok) records.set(height, decided.value);
      return decided;
    },
  };
}

export function nothingOf(device: GroupDevice): LogPoint {
  return { device: device.key, seq: 0, hash: null };
}

export function upTo(
  device: GroupDevice,
  seq: number,
  hash: Uint8Array = randomBytes(32),
): LogPoint {
  return { device: device.key, seq, hash };
}

/** Adds a person by one device. */
export function admit(device: GroupDevice, role: Role = 'editor'): Act {
  return { kind: 'add', role, devices: [device.enrolment] };
}

/** Removes a person with all of these devices, and everything that they wrote. */
export function expel(...devices: [GroupDevice, ...GroupDevice[]]): Act {
  const person = devices[0].person.signer.publicKey;
  const frontiers = devices.map(nothingOf).toSorted((a, b) => compareBytes(a.device, b.device));
  return { kind: 'remove', person, frontiers };
}
