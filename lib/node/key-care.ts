// Keys that were no good: this device says so in the space, and a steward's node hands out a good one. A complaint is one
// word against another, so each device's is heeded only so often, and people are shown all of them.
import { complain, readComplaint } from '../group/complaints.ts';
import { currentEpoch, stewardsOf, type ControlState, type KeyId } from '../group/control-state.ts';
import { createMutex } from '../log/mutex.ts';
import type { Signer } from '../identity/signer.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { Space } from '../space/space.ts';
import { COMPLAINT } from '../space/writing-stand.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { SignedComplaint } from '../wire/complaint.ts';
import type { Result } from '../wire/failure.ts';
import type { ChangeOfKeys } from './draw-up.ts';
import type { SpaceGroup } from './space-group.ts';

export interface KeyCareOptions {
  readonly space: Space;
  readonly group: SpaceGroup;
  readonly signer: () => Signer;
  /** Whose device this is. */
  readonly person: () => KeyId;
  readonly isHere: (device: KeyId) => boolean;
  readonly propose: (keys: ChangeOfKeys) => Promise<Result<unknown>>;
  /** Whether it is proposed already to hand a device the key once more. */
  readonly isProposedFor: (device: Uint8Array) => boolean;
  readonly onChange: () => void;
}

/** After that many keys for one device in one epoch its word alone is not enough for another. */
const MAX_REWRAPS = 3;

export class KeyCare {
  readonly #options: KeyCareOptions;
  readonly #inTurn = createMutex();
  readonly #stop: () => void;
  #complaints: readonly SignedComplaint[] = [];

  constructor(options: KeyCareOptions) {
    this.#options = options;
    this.#stop = options.space.onEntries((entries) => {
      if (entries.some((entry) => complaintIn(entry) !== null)) void this.look();
    });
    void this.look();
  }

  close(): void {
    this.#stop();
  }

  /** Complaints that no later key has answered. */
  open(): readonly SignedComplaint[] {
    return this.#complaints.filter((complaint) => !this.#isMended(complaint));
  }

  /** After the control log has moved too. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.open().length;
      await this.#read();
      await this.#sayOwn();
      for (const complaint of this.open()) await this.#mend(complaint);
      if (this.open().length !== before) this.#options.onChange();
    });
  }

  async #read(): Promise<void> {
    const { space, group } = this.#options;
    const told = (await space.events()).flatMap((entry) => complaintIn(entry) ?? []);
    const read = await Promise.all(told.map((bytes) => readComplaint(group.log, bytes)));
    this.#complaints = read.flatMap((result) => (result.ok ? [result.value] : []));
  }

  async #sayOwn(): Promise<void> {
    const { space, group, signer } = this.#options;
    for (const { control, reason } of group.grievances()) {
      const isSaid = this.#complaints.some(
        ({ device, entry }) =>
          equalBytes(device, signer().publicKey) && equalBytes(entry, control.hash),
      );
      const complaint = isSaid ? null : await complain(signer(), control, reason);
      if (complaint?.ok === true) await space.record(COMPLAINT, complaint.value);
    }
    await this.#read();
  }

  /** By the first steward who is here; of the one who is complained about only when there is no other. */
  async #mend({ epoch, device, steward, reason }: SignedComplaint): Promise<void> {
    const { group, propose, isProposedFor } = this.#options;
    const state = group.log.tip();
    if (reason === 'wrong_previous' || epoch !== currentEpoch(state).number) return;
    if (!state.devices.has(toHex(device)) || isProposedFor(device)) return;
    if (this.#menderOf(state, steward) !== this.#options.person()) return;
    if (this.#keysGiven(device, epoch) >= MAX_REWRAPS) return;
    await propose({ rewrap: [device] });
  }

  #menderOf(state: ControlState, accused: Uint8Array): KeyId | undefined {
    const { isHere, person } = this.#options;
    const accusedPerson = state.devices.get(toHex(accused))?.person;
    const isThere = (steward: KeyId) =>
      steward === person() ||
      [...state.devices].some(([id, device]) => device.person === steward && isHere(id));
    const others = stewardsOf(state).filter((steward) => steward !== accusedPerson);
    return [...others, accusedPerson].find((steward) => steward !== undefined && isThere(steward));
  }

  /** A new epoch gives everyone a key; in the running one, an entry above with a wrap for the device. */
  #isMended({ entry, epoch, device }: SignedComplaint): boolean {
    const { log } = this.#options.group;
    if (currentEpoch(log.tip()).number > epoch) return true;
    for (let at = log.controlAt(log.tip().head); at !== null; at = log.controlAt(at.entry.prev)) {
      if (equalBytes(at.hash, entry)) return false;
      if (at.entry.epoch?.scheme === 'wrap' && wrapsFor(at.entry.epoch.wraps, device)) return true;
    }
    return false;
  }

  /** An MLS group moves on to give one, and shows not to whom: each move for a key alone counts, since the group last changed. */
  #keysGiven(device: Uint8Array, epoch: number): number {
    const { log } = this.#options.group;
    let count = 0;
    for (let at = log.controlAt(log.tip().head); at !== null; at = log.controlAt(at.entry.prev)) {
      const part = at.entry.epoch;
      if (part?.scheme === 'mls') {
        if (at.entry.acts.length > 0) return count;
        count += 1;
      }
      if (part?.scheme !== 'wrap') continue;
      if (part.number < epoch) return count;
      if (wrapsFor(part.wraps, device)) count += 1;
    }
    return count;
  }
}

function wrapsFor(wraps: readonly { readonly device: Uint8Array }[], device: Uint8Array): boolean {
  return wraps.some((wrap) => equalBytes(wrap.device, device));
}

function complaintIn({ body }: OpenedEntry): Uint8Array | null {
  if (body.kind !== 'event' || body.event !== COMPLAINT) return null;
  return body.payload instanceof Uint8Array ? body.payload : null;
}
