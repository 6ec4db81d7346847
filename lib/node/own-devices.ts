// The devices of this person: sees to it that each of them is in all of the person's spaces and knows what opens them, and
// that one which was removed is in none. Looks at what stands and does what is missing, so it may be stopped at any time.
import type { Replica } from '../log/replica.ts';
import type { RecordStore } from '../store/record-store.ts';
import { toHex } from '../wire/bytes.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import { proposeDevices } from './device-motions.ts';
import { askStewards, DeviceRequests } from './device-requests.ts';
import {
  OWN_DEVICE,
  OWN_DEVICE_REMOVED,
  ownDeviceWords,
  removalWords,
  isAboutDevices,
} from './device-words.ts';
import type { HeldSpace, HomeSpace } from './held-space.ts';
import { readHomeFacts, type HomeFacts } from './home-facts.ts';
import { isEnoughFor, ownEnrolment, replacedDevice } from './own-enrolment.ts';
import { personIn } from './council-parts.ts';
import type { Profile } from './profile.ts';
import type { Network } from './network.ts';
import { createRounds } from './rounds.ts';
import { passOn, takePasses } from './space-passes.ts';
import type { Spaces } from './spaces.ts';
import type { Stewardship } from './stewardship.ts';

export interface OwnDevicesOptions {
  readonly records: RecordStore;
  readonly spaces: Spaces;
  readonly stewardship: Stewardship;
  readonly replica: Replica;
  readonly profile: () => Profile;
  /** What this device calls itself. */
  readonly label: string;
  /** Whether a device is in a space now. */
  readonly isHere: (space: string, device: string) => boolean;
  readonly network: () => NetworkOfDevices;
  readonly changed: () => void;
  readonly now: () => number;
}

/** Without `heldElsewhere` nothing is ever behind anyone. */
export type NetworkOfDevices = Pick<Network, 'spaceAdded' | 'spaceRemoved'> &
  Partial<Pick<Network, 'heldElsewhere'>>;

/** Spaces that the person left in this browser: another device that is still in them does not bring them back. */
const LEFT = 'left-spaces';
const NO_FACTS: HomeFacts = { devices: new Map(), removed: new Map(), spaces: new Map() };

export class OwnDevices {
  readonly #options: OwnDevicesOptions;
  readonly #requests: DeviceRequests;
  readonly #rounds: ReturnType<typeof createRounds>;
  #facts: HomeFacts = NO_FACTS;
  /** Spaces in which something waits until this device has heard all that was decided there. */
  readonly #behind = new Set<string>();

  constructor(options: OwnDevicesOptions) {
    this.#options = options;
    this.#rounds = createRounds(() => this.#round());
    this.#requests = new DeviceRequests(() => this.#look());
  }

  /** Call once the spaces are loaded. */
  begin(): void {
    const { replica, spaces } = this.#options;
    replica.subscribe((space, stored) => {
      if (stored.some(({ header }) => toHex(header.author) === space)) this.#look();
    });
    spaces.home().space.onEntries((entries) => {
      if (entries.some(isAboutDevices)) this.#look();
    });
    this.#look();
  }

  /** What a round could not do, because storage is full or closing, the next one does. */
  #look(): void {
    void this.#rounds.start().catch(() => {});
  }

  /** What others hold of a space has changed. */
  progressed(space: string): void {
    if (this.#behind.has(space)) this.#look();
  }

  /** Settles when all that could be done by now is done. */
  settled(): Promise<void> {
    return this.#rounds.start();
  }

  /** As last read from the home space. */
  facts(): HomeFacts {
    return this.#facts;
  }

  /** Whether this very device was taken out of the home space. */
  isRemoved(): boolean {
    return this.#options.spaces.home().group.log.tip().gone.has(this.#own());
  }

  /** Where the person left a space here, or came back to it. */
  async noteLeft(space: string, hasLeft: boolean): Promise<void> {
    const { records } = this.#options;
    await (hasLeft ? records.put(LEFT, space, true) : records.remove(LEFT, space));
  }

  async #round(): Promise<void> {
    const { spaces, changed } = this.#options;
    const home = spaces.home();
    if (this.isRemoved()) {
      this.#facts = await this.#readHome(home);
      return changed();
    }
    await this.#comeHome(home);
    await this.#introduce(home);
    await this.#holdSpaces();
    const live = spaces.list().filter(({ record }) => record.archive === undefined);
    for (const held of [home, ...live]) await this.#tend(held);
    changed();
  }

  /** After new keys were drawn for this profile, its old ones may still be what the home space knows. */
  async #comeHome(home: HomeSpace): Promise<void> {
    const { stewardship } = this.#options;
    const replaced = await replacedDevice(this.#options.profile());
    const { devices } = home.group.log.tip();
    if (devices.has(this.#own()) || replaced === null) return;
    const gone = devices.has(replaced) ? [replaced] : [];
    if (!stewardship.decidesAlone(home, gone)) return;
    await stewardship.changeDevices(home, {
      added: [await ownEnrolment(this.#options.profile())],
      gone,
    });
  }

  /** Reads the home space, and says in it what this device is where that is not known yet. */
  async #introduce(home: HomeSpace): Promise<void> {
    const { profile, label } = this.#options;
    const { space } = home;
    const { replaced } = profile();
    const known = await this.#readHome(home);
    const before = await replacedDevice(profile());
    const isNew = (known.devices.get(this.#own())?.enrolment.keyPackage ?? null) === null;
    const hasReplaced = replaced !== null && before !== null && !known.removed.has(before);
    if (isNew) {
      await space.record(
        OWN_DEVICE,
        ownDeviceWords({ enrolment: await ownEnrolment(this.#options.profile()), label }),
      );
    }
    if (hasReplaced) await space.record(OWN_DEVICE_REMOVED, removalWords(replaced));
    this.#facts = isNew || hasReplaced ? await this.#readHome(home) : known;
  }

  async #readHome({ space }: HomeSpace): Promise<HomeFacts> {
    return readHomeFacts(this.#options.profile().person, await space.events());
  }

  async #holdSpaces(): Promise<void> {
    const { spaces, records, network, now } = this.#options;
    for (const [id, words] of this.#facts.spaces) {
      if (spaces.find(id).ok || (await records.get(LEFT, id)) === true) continue;
      const { genesis, relay, name, secrets: passes } = words;
      const record = { id, genesis, secret: null, passes, relay, name, joinedAt: now() };
      await spaces.hold({ ...record, invitedBy: null });
      const held = spaces.find(id);
      if (held.ok) await network().spaceAdded(held.value);
    }
  }

  async #tend(held: HeldSpace): Promise<void> {
    const { spaces, stewardship } = this.#options;
    const isHome = held.record.id === spaces.home().record.id;
    if (!isHome) await this.#requests.attend(held);
    const state = held.group?.log.tip();
    // Nothing is decided on top of nothing: the space is being made, or its control log has not come yet.
    if (state === undefined || state.height === 0 || state.gone.has(this.#own())) return;
    const due = this.#due(held, isHome);
    if (due.added.size + due.gone.length > 0) {
      const added = [...due.added.values()];
      if (this.#mayDecide(held, due.gone)) {
        await stewardship.changeDevices(held, { added, gone: due.gone });
      } else if (!isHome && state.devices.has(this.#own())) {
        await askStewards(this.#options.profile(), this.#requests, this.#facts, held);
        await proposeDevices(this.#options, held, due);
      }
    }
    if (!isHome) await this.#tendShared(held);
  }

  /** Of this person from the home space, of others from what they asked for in the space. */
  #due(held: HeldSpace, isHome: boolean) {
    const { profile } = this.#options;
    const added = new Map<string, Enrolment>();
    const state = held.group?.log.tip();
    if (state === undefined) return { added, gone: [] };
    const { devices, removed } = this.#facts;
    if (state.persons.has(personIn(profile()))) {
      for (const [id, { enrolment }] of devices) {
        const isOut = !state.devices.has(id) && !state.gone.has(id);
        if (isOut && isEnoughFor(state, enrolment)) added.set(id, enrolment);
      }
    }
    const gone = new Set([...removed.keys()].filter((id) => state.devices.has(id)));
    if (!isHome) {
      const asked = this.#requests.due(held.record.id, state);
      for (const [id, enrolment] of asked.added) {
        if (!removed.has(id) && isEnoughFor(state, enrolment)) added.set(id, enrolment);
      }
      for (const id of asked.gone) gone.add(id);
    }
    return { added, gone: [...gone] };
  }

  /**
   * Whoever takes a device out that votes for this person votes in its place. Two at once could decide two things, so only
   * the one at which the person said so may; and only on top of all that was decided there, as far as others know.
   */
  #mayDecide(held: HeldSpace, gone: readonly string[]): boolean {
    const { stewardship, network } = this.#options;
    const { id } = held.record;
    this.#behind.delete(id);
    if (stewardship.decidesAlone(held)) return true;
    const own = gone.filter((device) => this.#facts.removed.get(device)?.by === this.#own());
    if (!stewardship.decidesAlone(held, own)) return false;
    const height = held.group?.log.tip().height;
    const isLevel = (network().heldElsewhere?.(id, id) ?? height) === height;
    if (!isLevel) this.#behind.add(id);
    return isLevel;
  }

  async #tendShared(held: HeldSpace): Promise<void> {
    const state = held.group?.log.tip();
    const words = this.#facts.spaces.get(held.record.id);
    if (state?.devices.has(this.#own()) !== true) {
      if (words !== undefined) await takePasses(this.#options, held, words);
      return;
    }
    const members = await held.space.members();
    if (!members.has(this.#own())) await this.#options.spaces.announce(held);
    if (this.#facts.devices.size > 1) await passOn(this.#options.spaces.home(), held, words);
  }

  #own(): string {
    return toHex(this.#options.profile().signer.publicKey);
  }
}
