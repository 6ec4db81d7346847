// What the stewards have decided, as those who judge read it for themselves, apart from the code under test: who is in
// the club at each point, with which role, and where the logs of those who had to go end.
import { hashOf } from '../../lib/identity/hash.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { decodeCbor, encodeCbor } from '../../lib/wire/cbor.ts';
import type { Act, Role } from '../../lib/wire/control-act.ts';
import type { LogPoint } from '../../lib/wire/control-parts.ts';
import {
  decodeCertified,
  decodeControlEntry,
  type CertifiedControl,
  type ControlEntry,
} from '../../lib/wire/control.ts';
import type { EntryBody } from '../../lib/wire/entry-body.ts';
import { isSigned } from './subtle.ts';

/** The club between two decisions. Keys and hashes in hex. */
export interface Era {
  readonly name: string;
  readonly height: number;
  readonly below: Era | null;
  /** By person. */
  readonly roles: ReadonlyMap<string, Role>;
  /** The person of each device. */
  readonly devices: ReadonlyMap<string, string>;
  /** The last entry that counts of each device that is out; a hash of null: none. */
  readonly ends: ReadonlyMap<string, { readonly seq: number; readonly hash: string | null }>;
  readonly epoch: number;
  readonly acts: readonly Act[];
}

export interface Chronicle {
  /** Reads an entry of the control log that somebody has stored; gives what is wrong with it. */
  take(bytes: Uint8Array): readonly string[];
  at(name: string): Era | null;
  /** The first decision at each height that anybody stored, and so on up. */
  newest(): Era;
  /** Heights at which there are two decisions. */
  forks(): readonly number[];
}

export function createChronicle(space: Uint8Array, founder: string): Chronicle {
  const genesis: Era = {
    name: toHex(space),
    height: 0,
    below: null,
    roles: new Map([[founder, 'steward']]),
    devices: new Map(),
    ends: new Map(),
    epoch: 0,
    acts: [],
  };
  const eras = new Map([[genesis.name, genesis]]);
  let newest = genesis;
  return {
    take: (bytes) => {
      const certified = decodeCertified(bytes);
      const entry = certified.ok ? decodeControlEntry(certified.value.entryBytes) : certified;
      if (!certified.ok || !entry.ok) return ['it cannot be read'];
      const name = toHex(hashOf('control-entry', certified.value.entryBytes));
      if (eras.has(name)) return [];
      const below = eras.get(toHex(entry.value.prev));
      if (below === undefined) return ['it stands on nothing'];
      const faults = faultsOf(below, entry.value, certified.value);
      const era = eraAfter(below, name, entry.value);
      eras.set(name, era);
      if (below === newest) newest = era;
      return faults;
    },
    at: (name) => eras.get(name) ?? null,
    newest: () => newest,
    forks: () => {
      const heights = [...eras.values()].map(({ height }) => height);
      return heights.filter((height, at) => heights.indexOf(height) !== at);
    },
  };
}

/** What speaks against an entry that named `era`: who wrote it, under which key, on what. Null: nothing does. */
export function faultIn(
  era: Era | null,
  { author, epoch }: { readonly author: string; readonly epoch: number },
  body: EntryBody,
): string | null {
  const person = era?.devices.get(author);
  if (era === null || person === undefined) return 'was not in the club';
  if (era.epoch !== epoch) return `wrote in epoch ${epoch} instead of ${era.epoch}`;
  const role = era.roles.get(person);
  if (role === 'steward' || role === 'editor') return null;
  // Other events are the product's own; what everyone may say of themselves is for it to decide.
  if (body.kind === 'event') return body.event === 'note' ? `said something as a ${role}` : null;
  const mayRemark = role === 'commenter' && body.document.startsWith('page/');
  return mayRemark ? null : `wrote on ${body.document} as a ${role}`;
}

export function isBeyondEnd(
  { ends }: Era,
  { author, seq, hash }: { readonly author: string; readonly seq: number; readonly hash: string },
): boolean {
  const end = ends.get(author);
  if (end === undefined || seq < end.seq) return false;
  return seq > end.seq || hash !== end.hash;
}

function faultsOf(below: Era, entry: ControlEntry, certified: CertifiedControl): string[] {
  const message = hashOf('control-entry', certified.entryBytes);
  const stewards = [...below.roles].filter(([, role]) => role === 'steward');
  const voted = hashOf('control-vote', encodeCbor([1, message, certified.ballot]));
  const voters = certified.votes.map(({ certificate, signature }) => {
    const certain = readCertificate(certificate);
    return certain !== null && isSigned(certain.deviceKey, voted, signature) ? certain.person : '';
  });
  const counted = stewards.filter(([person]) => voters.includes(person)).length;
  const faults: string[] = [];
  if (counted * 2 <= stewards.length) faults.push(`${counted} of ${stewards.length} voted for it`);
  if (new Set(voters).size !== voters.length) faults.push('someone voted twice');
  const wraps = entry.epoch?.scheme === 'wrap' ? entry.epoch.wraps : [];
  const wrapped = wraps.map(({ device }) => toHex(device));
  const after = eraAfter(below, '', entry);
  const isNewEpoch = after.epoch !== below.epoch;
  const outsiders = wrapped.filter((device) => !after.devices.has(device));
  if (outsiders.length > 0) faults.push('it gives the key to someone outside');
  if (isNewEpoch && wrapped.length > 0 && wrapped.length < after.devices.size) {
    faults.push('it leaves a member without the key');
  }
  const somebodyWent = [...below.devices.keys()].some((device) => !after.devices.has(device));
  if (somebodyWent && !isNewEpoch) faults.push('somebody goes and the key stays');
  return faults;
}

function eraAfter(below: Era, name: string, entry: ControlEntry): Era {
  const roles = new Map(below.roles);
  const devices = new Map(below.devices);
  const ends = new Map(below.ends);
  const end = ({ device, seq, hash }: LogPoint): void => {
    devices.delete(toHex(device));
    ends.set(toHex(device), { seq, hash: hash === null ? null : toHex(hash) });
  };
  const enter = (certificate: Uint8Array): string => {
    const certain = readCertificate(certificate);
    if (certain === null) return '';
    devices.set(toHex(certain.deviceKey), certain.person);
    return certain.person;
  };
  for (const act of entry.acts) {
    if (act.kind === 'add') {
      for (const { certificate } of act.devices) roles.set(enter(certificate), act.role);
    }
    if (act.kind === 'add_device') enter(act.device.certificate);
    if (act.kind === 'role') roles.set(toHex(act.person), act.role);
    if (act.kind === 'remove' || act.kind === 'leave') {
      roles.delete(toHex(act.person));
      act.frontiers.forEach(end);
    }
    if (act.kind === 'revoke_device' || act.kind === 'extend_frontier') end(act.frontier);
  }
  const epoch = entry.epoch?.number ?? below.epoch;
  return { name, height: below.height + 1, below, roles, devices, ends, epoch, acts: entry.acts };
}

/** A device certificate, whose signature is the person's; null when it is not. */
function readCertificate(
  bytes: Uint8Array,
): { readonly person: string; readonly deviceKey: Uint8Array } | null {
  const decoded = decodeCbor(bytes, 512);
  if (!decoded.ok || !Array.isArray(decoded.value)) return null;
  const [version, person, deviceKey, at, signature] = decoded.value;
  if (!(person instanceof Uint8Array) || !(deviceKey instanceof Uint8Array)) return null;
  if (!(signature instanceof Uint8Array) || typeof at !== 'number') return null;
  const said = hashOf('device-certificate', encodeCbor([Number(version), person, deviceKey, at]));
  return isSigned(person, said, signature) ? { person: toHex(person), deviceKey } : null;
}
