// What members of a shared space say about their devices, heard as it comes: whom to let in, whom to put out.
import type { ControlState } from '../group/control-state.ts';
import { readCertificate } from '../identity/certificate.ts';
import { readRevocation } from '../identity/device-list.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { toHex } from '../wire/bytes.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import { personIn } from './council-parts.ts';
import {
  DEVICE,
  DEVICE_REMOVED,
  deviceIn,
  enrolmentWords,
  removalIn,
  removalWords,
} from './device-words.ts';
import type { HeldSpace } from './held-space.ts';
import type { HomeFacts } from './home-facts.ts';
import { isEnoughFor } from './own-enrolment.ts';
import type { Profile } from './profile.ts';

interface AskedIn {
  /** Hex, of the device that is to come in. */
  readonly device: string;
  /** The member's device that asks, hex. */
  readonly author: string;
  /** Hex. */
  readonly person: string;
  readonly enrolment: Enrolment;
}

/** What one space was asked for; nobody's word can hide another's. */
interface Heard {
  /** By the device that it is about and the one that says it. */
  readonly added: Map<string, AskedIn>;
  /** The same by the device that it is about and its person. */
  readonly removed: Map<string, { readonly device: string; readonly person: string }>;
}

export interface DueDevices {
  /** By key, hex. */
  readonly added: ReadonlyMap<string, Enrolment>;
  /** Hex. */
  readonly gone: readonly string[];
}

export class DeviceRequests {
  readonly #heard = new Map<string, Heard>();
  readonly #attended = new WeakSet<HeldSpace['space']>();
  readonly #onRequest: () => void;

  constructor(onRequest: () => void) {
    this.#onRequest = onRequest;
  }

  /** Listens in a space from now on, once what is stored of it has been read. */
  async attend({ space }: HeldSpace): Promise<void> {
    if (this.#attended.has(space)) return;
    this.#attended.add(space);
    space.onEntries((entries) => void this.#take(space.id, entries));
    await this.#take(space.id, await space.events());
  }

  /** Whether `author` (hex) has asked to let a device in. */
  isAskedIn(space: string, device: string, author: string): boolean {
    return this.#heard.get(space)?.added.has(keyOf(device, author)) ?? false;
  }

  /** Whether the space knows that a person (hex) has taken a device back. */
  isAskedOut(space: string, device: string, person: string): boolean {
    return this.#heard.get(space)?.removed.has(keyOf(device, person)) ?? false;
  }

  /** What is asked for, may be done by what the control log says, and is not done. */
  due(space: string, state: ControlState): DueDevices {
    const heard = this.#heard.get(space);
    if (heard === undefined) return { added: new Map(), gone: [] };
    const gone = [...heard.removed.values()].filter(
      ({ device, person }) => state.devices.get(device)?.person === person,
    );
    const added = [...heard.added.values()].filter(({ device, author, person }) => {
      const isOut = !state.devices.has(device) && !state.gone.has(device);
      // Only someone's own device vouches for another of theirs, and none that they took back.
      const isTheirs = state.devices.get(author)?.person === person;
      const isTaken = [device, author].some((one) => heard.removed.has(keyOf(one, person)));
      return isOut && isTheirs && !isTaken;
    });
    return {
      added: new Map(added.map(({ device, enrolment }) => [device, enrolment])),
      gone: gone.map(({ device }) => device),
    };
  }

  async #take(space: string, entries: readonly OpenedEntry[]): Promise<void> {
    const heard = this.#heard.get(space) ?? { added: new Map(), removed: new Map() };
    this.#heard.set(space, heard);
    const before = heard.added.size + heard.removed.size;
    for (const entry of entries) await take(entry, heard);
    if (heard.added.size + heard.removed.size > before) this.#onRequest();
  }
}

/** Says what the stewards of a space need to know of this person's devices; they ask for no more than the signatures. */
export async function askStewards(
  profile: Profile,
  requests: DeviceRequests,
  { devices, removed }: Pick<HomeFacts, 'devices' | 'removed'>,
  { record, space, group }: HeldSpace,
): Promise<void> {
  const state = group?.log.tip();
  if (state === undefined) return;
  const own = toHex(profile.signer.publicKey);
  const person = personIn(profile);
  for (const [id, { enrolment }] of devices) {
    if (state.devices.has(id) || state.gone.has(id) || !isEnoughFor(state, enrolment)) continue;
    if (!requests.isAskedIn(record.id, id, own))
      await space.record(DEVICE, enrolmentWords(enrolment));
  }
  for (const [id, { statement }] of removed) {
    if (!state.devices.has(id) || requests.isAskedOut(record.id, id, person)) continue;
    await space.record(DEVICE_REMOVED, removalWords(statement));
  }
}

async function take(entry: OpenedEntry, { added, removed }: Heard): Promise<void> {
  const enrolment = deviceIn(entry);
  const certificate = enrolment && (await readCertificate(enrolment.certificate));
  if (enrolment && certificate?.ok) {
    const { author } = entry;
    const device = toHex(certificate.value.deviceKey);
    const person = toHex(certificate.value.personKey);
    added.set(keyOf(device, author), { device, author, person, enrolment });
  }
  const statement = removalIn(entry, DEVICE_REMOVED);
  const revocation = statement && (await readRevocation(statement));
  if (!revocation?.ok) return;
  const device = toHex(revocation.value.deviceKey);
  const person = toHex(revocation.value.personKey);
  removed.set(keyOf(device, person), { device, person });
}

function keyOf(device: string, by: string): string {
  return `${device}:${by}`;
}
