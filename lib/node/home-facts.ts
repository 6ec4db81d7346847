// What the home space says: which devices the person has and had, and which spaces they are in. A reading of its log.
import { readCertificate } from '../identity/certificate.ts';
import { readRevocation } from '../identity/device-list.ts';
import { spaceIdOf } from '../log/space-id.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { toHex } from '../wire/bytes.ts';
import { decodeGenesis } from '../wire/space-genesis.ts';
import {
  OWN_DEVICE_REMOVED,
  ownDeviceIn,
  ownSpaceIn,
  removalIn,
  type OwnDeviceWords,
  type OwnSpaceWords,
} from './device-words.ts';

/** Public key of a device, hex. */
type DeviceId = string;

export interface OwnDevice extends OwnDeviceWords {
  readonly addedAt: number;
}

export interface RemovedDevice {
  readonly label: string;
  readonly removedAt: number;
  /** The person's signed word. */
  readonly statement: Uint8Array;
  /** The device at which the person removed it. */
  readonly by: DeviceId;
}

export interface HomeFacts {
  /** Without those that were removed. */
  readonly devices: ReadonlyMap<DeviceId, OwnDevice>;
  readonly removed: ReadonlyMap<DeviceId, RemovedDevice>;
  /** By id; what the newest epoch brought. */
  readonly spaces: ReadonlyMap<string, OwnSpaceWords>;
}

/** `person`: the did:key whose statements count. */
export async function readHomeFacts(
  person: string,
  entries: readonly OpenedEntry[],
): Promise<HomeFacts> {
  const devices = new Map<DeviceId, OwnDevice>();
  const removed = new Map<DeviceId, RemovedDevice>();
  const spaces = new Map<string, OwnSpaceWords>();
  for (const entry of entries) {
    await readDevice(person, entry, devices);
    readSpace(entry, spaces);
  }
  // A removal may have come before what it is about: logs are read author by author.
  for (const entry of entries) await readRemoval(person, entry, { devices, removed });
  for (const device of removed.keys()) devices.delete(device);
  return { devices, removed, spaces };
}

async function readDevice(
  person: string,
  entry: OpenedEntry,
  devices: Map<DeviceId, OwnDevice>,
): Promise<void> {
  const words = ownDeviceIn(entry);
  const certificate = words && (await readCertificate(words.enrolment.certificate));
  if (!words || !certificate?.ok || certificate.value.person !== person) return;
  const id = toHex(certificate.value.deviceKey);
  const known = devices.get(id);
  const addedAt = known?.addedAt ?? certificate.value.issuedAt;
  // Who takes a device in does not know its KeyPackage, which it says itself; whose word is read first is by chance.
  const isWhole = words.enrolment.keyPackage !== null;
  const enrolment = isWhole ? words.enrolment : (known?.enrolment ?? words.enrolment);
  devices.set(id, { ...words, enrolment, addedAt });
}

async function readRemoval(
  person: string,
  entry: OpenedEntry,
  {
    devices,
    removed,
  }: { readonly devices: HomeFacts['devices']; removed: Map<string, RemovedDevice> },
): Promise<void> {
  const statement = removalIn(entry, OWN_DEVICE_REMOVED);
  const revocation = statement && (await readRevocation(statement));
  if (!statement || !revocation?.ok || revocation.value.person !== person) return;
  const id = toHex(revocation.value.deviceKey);
  if (removed.has(id)) return;
  const label = devices.get(id)?.label ?? '';
  const { revokedAt: removedAt } = revocation.value;
  removed.set(id, { label, removedAt, statement, by: entry.author });
}

function readSpace(entry: OpenedEntry, spaces: Map<string, OwnSpaceWords>): void {
  const words = ownSpaceIn(entry);
  if (words === null || !decodeGenesis(words.genesis).ok) return;
  const id = toHex(spaceIdOf(words.genesis));
  const known = spaces.get(id);
  if (known === undefined || newestEpoch(words) >= newestEpoch(known)) spaces.set(id, words);
}

export function newestEpoch({ secrets }: Pick<OwnSpaceWords, 'secrets'>): number {
  return secrets.at(-1)?.epoch ?? -1;
}
