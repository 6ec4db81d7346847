// Leaving a space for good: this person says so in it, waits until someone holds that word, and only then is it forgotten
// here. What stewards make of the word is in `departures.ts`.
import { devicesOf, quorumOf, stewardsOf, type ControlState } from '../group/control-state.ts';
import { sayLeave } from '../group/statements.ts';
import type { Replica } from '../log/replica.ts';
import type { RecordStore } from '../store/record-store.ts';
import { toHex } from '../wire/bytes.ts';
import type { LogPoint } from '../wire/control-parts.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { createConditionWatch } from './condition-watch.ts';
import { personIn } from './council-parts.ts';
import type { HeldSpace } from './held-space.ts';
import { LEAVE, leavesDue, leaveWords } from './leave-words.ts';
import type { NetworkOfDevices } from './own-devices.ts';
import type { Profile } from './profile.ts';

export interface LeavingOptions {
  readonly records: RecordStore;
  readonly replica: Replica;
  readonly profile: () => Profile;
  readonly network: () => NetworkOfDevices;
  /** How long each wait for others takes at most. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 12_000;
/** Spaces to which the device (hex) that said goodbye there can never come back. */
const DEPARTED = 'departed-spaces';

export class Leaving {
  readonly #options: LeavingOptions;
  readonly #watch = createConditionWatch();

  constructor(options: LeavingOptions) {
    this.#options = options;
    options.replica.subscribe(() => this.#watch.moved());
  }

  /** What others hold of a space has changed. */
  progressed(): void {
    this.#watch.moved();
  }

  /**
   * Tells the group, unless there is nobody to tell. Done when others hold the word; where the other stewards need this
   * one's vote too, when they have decided. Failures: `conflict` (the last steward, and not `anyway`), `timeout`, and of
   * writing. It may be asked again after each.
   */
  async tell(held: HeldSpace, anyway: boolean): Promise<Result<null>> {
    const state = held.group?.log.tip();
    if (state === undefined || held.record.archive !== undefined) return ok(null);
    const person = personIn(this.#options.profile());
    const isAlone = [...state.persons.keys()].every((each) => each === person);
    if (!state.devices.has(this.#own()) || isAlone) return ok(null);
    const stewards = stewardsOf(state).filter((steward) => steward !== person);
    if (stewards.length === 0 && !anyway) return LAST_STEWARD;
    const said = await this.#say(held, state);
    if (!said.ok) return said;
    const { id } = held.record;
    if (!(await this.#until(() => this.#isHeld(id, this.#own(), said.value)))) return NOT_TOLD;
    const needsVote = stewards.length > 0 && stewards.length < quorumOf(state);
    return needsVote ? this.#decided(held) : ok(null);
  }

  /** Failure `conflict`: this device left that space for good. */
  async mayJoin(space: string): Promise<Result<null>> {
    const departed = await this.#options.records.get(DEPARTED, space);
    return departed === this.#own() ? HAS_LEFT : ok(null);
  }

  /** Gives the place of the word in this device's log. What was said last, and still fits, is not said again. */
  async #say({ record, space }: HeldSpace, state: ControlState): Promise<Result<number>> {
    const { profile, records, replica } = this.#options;
    const { signer } = profile();
    const entries = await space.events();
    const heads = await replica.heads(record.id);
    const newest = entries.findLast(({ author }) => author === this.#own());
    const isLast = newest !== undefined && newest.seq === heads.get(this.#own())?.seq;
    if (isLast && (await leavesDue(state, [newest])).size > 0) return ok(newest.seq);
    const frontiers = devicesOf(state, personIn(profile())).map(({ key: device }): LogPoint => {
      const head = heads.get(toHex(device));
      return { device, seq: head?.seq ?? 0, hash: head?.hash ?? null };
    });
    const said = await sayLeave(signer, state.space, frontiers);
    const recorded = await space.record(LEAVE, leaveWords({ frontiers, said }));
    if (!recorded.ok) return recorded;
    await records.put(DEPARTED, record.id, this.#own());
    return ok(recorded.value.seq);
  }

  /** With two stewards the other cannot decide alone, so this device stays until its vote has done its work. */
  async #decided({ record, group }: HeldSpace): Promise<Result<null>> {
    const { id } = record;
    const isOut = () => group?.log.tip().gone.has(this.#own()) === true;
    const isDone = () => isOut() && this.#isHeld(id, id, group?.log.tip().height ?? 0);
    return (await this.#until(isDone)) ? ok(null) : NEEDS_BOTH;
  }

  #isHeld(space: string, author: string, seq: number): boolean {
    return (this.#options.network().heldElsewhere?.(space, author) ?? seq) >= seq;
  }

  #until(holds: () => boolean): Promise<boolean> {
    return this.#watch.until(holds, this.#options.patienceMs ?? PATIENCE_MS);
  }

  #own(): string {
    return toHex(this.#options.profile().signer.publicKey);
  }
}

const LAST_STEWARD = fail(
  'conflict',
  'You are the only steward of this space: without you nobody could decide who is in it.',
  'Make someone else a steward first, or leave anyway.',
);

const NOT_TOLD = fail(
  'timeout',
  'Nobody has heard yet that you are leaving: neither the relay nor another browser could be reached.',
  'Try again when you are online. Until then the space stays here; your word is sent as soon as it can be.',
);

const NEEDS_BOTH = fail(
  'timeout',
  'You have said that you are leaving. The other steward cannot take you off the list without your browser.',
  'Keep the space until their browser has been there too, then leave once more.',
);

const HAS_LEFT = fail(
  'conflict',
  'This browser left that space for good, and its key cannot come back to it.',
  'Open the invite in another browser or browser profile that was never in the space.',
);
