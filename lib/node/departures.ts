// People who say that they leave: a steward's node hears of it and puts it before the others, so that they are off the list
// and the keys change. That is routine, so nobody is asked.
import { stewardsOf, type ControlState, type KeyId } from '../group/control-state.ts';
import type { Replica } from '../log/replica.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { ControlEntry } from '../wire/control.ts';
import { personIn } from './council-parts.ts';
import type { HeldSpace } from './held-space.ts';
import { leaveIn, leavesDue, type LeaveAct } from './leave-words.ts';
import type { Profile } from './profile.ts';
import { createRounds } from './rounds.ts';
import type { Stewardship } from './stewardship.ts';

export interface DeparturesOptions {
  readonly stewardship: Stewardship;
  readonly replica: Replica;
  readonly profile: () => Profile;
  /** Whether a device is in a space now. */
  readonly isHere: (space: string, device: string) => boolean;
}

export class Departures {
  readonly #options: DeparturesOptions;
  readonly #stops = new Map<string, () => void>();

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** Listens in a space from now on, and looks at what was said before. */
  attend(held: HeldSpace): void {
    const { id } = held.record;
    if (held.group === null || held.record.archive !== undefined) return;
    const rounds = createRounds(() => this.#round(held));
    // What a round could not do, because storage is full or closing, the next one does.
    const look = (): void => void rounds.start().catch(() => {});
    const stops = [
      held.space.onEntries((entries) => {
        if (entries.some((entry) => leaveIn(entry) !== null)) look();
      }),
      this.#options.replica.subscribe((space, stored) => {
        if (space === id && stored.some(({ header }) => toHex(header.author) === id)) look();
      }),
    ];
    this.closed(held);
    this.#stops.set(id, () => stops.forEach((stop) => stop()));
    look();
  }

  /** The space is not held here any more. */
  closed({ record }: HeldSpace): void {
    this.#stops.get(record.id)?.();
    this.#stops.delete(record.id);
  }

  async #round(held: HeldSpace): Promise<void> {
    const { stewardship } = this.#options;
    const { group, space, record } = held;
    if (group === null || !stewardship.isSteward(held)) return;
    const due = await leavesDue(group.log.tip(), await space.events());
    if (due.size === 0) return;
    const council = stewardship.council(held);
    // What is proposed already it must have heard first.
    await council?.look();
    for (const [person, act] of due) {
      const state = group.log.tip();
      const isOpen = council?.isProposed((entry) => letsLeave(entry, act)) === true;
      const isDue = state.persons.has(person) && !isOpen;
      if (isDue && this.#isOurs(state, record.id, person)) await stewardship.propose(held, [act]);
    }
  }

  /** By the first steward who is here; whoever leaves does not see to it themselves. */
  #isOurs(state: ControlState, space: string, leaver: KeyId): boolean {
    const { isHere, profile } = this.#options;
    const own = personIn(profile());
    const isThere = (steward: KeyId): boolean =>
      steward === own ||
      [...state.devices].some(([id, device]) => device.person === steward && isHere(space, id));
    const first = stewardsOf(state).find((steward) => steward !== leaver && isThere(steward));
    return first === own;
  }
}

function letsLeave({ acts }: ControlEntry, { person }: LeaveAct): boolean {
  return acts.some((act) => act.kind === 'leave' && equalBytes(act.person, person));
}
