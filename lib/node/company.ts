// Who is in a space right now, as far as presence tells. Nothing of it is kept.
import { toHex } from '../wire/bytes.ts';
import type { Presence } from './presence.ts';

/** A device not heard of for this long is taken to be gone. */
export const PRESENCE_EXPIRY_MS = 45_000;

interface Seen {
  readonly peerId: string | null;
  readonly heardAt: number;
  readonly isGone: boolean;
}

export class Company {
  readonly #spaces = new Map<string, Map<string, Seen>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** True when the device was not here before, or takes connections elsewhere now. */
  heard(space: string, presence: Presence): boolean {
    const devices = this.#spaces.get(space) ?? new Map<string, Seen>();
    this.#spaces.set(space, devices);
    const device = toHex(presence.device);
    const before = devices.get(device);
    devices.set(device, { peerId: presence.peerId, heardAt: this.#now(), isGone: false });
    return before === undefined || before.peerId !== presence.peerId || this.#isOld(before);
  }

  isHere(space: string, device: string): boolean {
    const seen = this.#spaces.get(space)?.get(device);
    return seen !== undefined && !this.#isOld(seen);
  }

  /** A device has left, as far as its closed connection tells: it is not here until it is heard again. */
  parted(device: string): void {
    for (const devices of this.#spaces.values()) {
      const seen = devices.get(device);
      if (seen !== undefined) devices.set(device, { ...seen, isGone: true });
    }
  }

  /** When a device was last heard of in a space, or null. */
  lastHeard(space: string, device: string): number | null {
    return this.#spaces.get(space)?.get(device)?.heardAt ?? null;
  }

  /** The spaces in which a device is here. */
  spacesOf(device: string): readonly string[] {
    return [...this.#spaces.keys()].filter((space) => this.isHere(space, device));
  }

  forget(space: string): void {
    this.#spaces.delete(space);
  }

  #isOld(seen: Seen): boolean {
    return seen.isGone || this.#now() - seen.heardAt > PRESENCE_EXPIRY_MS;
  }
}
