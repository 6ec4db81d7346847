// A steward's node settles by itself when somebody's browser was copied and both copies wrote: the history that it holds
// stays, the other is cut off, and whoever wrote that adds it again. Nearly always such a fork is an accident.
import { stewardsOf, type ControlState } from '../group/control-state.ts';
import { createMutex } from '../log/mutex.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry, type Entry } from '../log/seal.ts';
import type { ForkProof } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import type { Act } from '../wire/control-act.ts';
import { personIn } from './council-parts.ts';
import type { HeldSpace } from './held-space.ts';
import type { Profile } from './profile.ts';
import type { Stewardship } from './stewardship.ts';

export interface ForkSettlingOptions {
  readonly replica: Replica;
  readonly stewardship: Pick<Stewardship, 'propose' | 'isSteward'>;
  readonly profile: () => Profile;
  /** Whether a device is in a space now. */
  readonly isHere: (space: string, device: string) => boolean;
}

export class ForkSettling {
  readonly #options: ForkSettlingOptions;
  readonly #inTurn = createMutex();
  /** What was proposed and is for others to agree to. */
  readonly #proposed = new Set<string>();

  constructor(options: ForkSettlingOptions) {
    this.#options = options;
  }

  /** Proposes a cut for each fork in a space that is this node's to settle. */
  look(held: HeldSpace): Promise<void> {
    return this.#inTurn(async () => {
      const state = held.group?.log.tip();
      if (state === undefined || !this.#options.stewardship.isSteward(held)) return;
      for (const proof of await this.#options.replica.forks(held.record.id)) {
        if (this.#isMine(held, state, proof)) await this.#settle(held, proof);
      }
    });
  }

  /** Never its own: of two copies with one key both would decide, each differently, and stop the group for good. */
  #isMine({ record }: HeldSpace, state: ControlState, { author }: ForkProof): boolean {
    const { profile, isHere } = this.#options;
    const device = state.devices.get(author);
    if (device === undefined || author === toHex(profile().signer.publicKey)) return false;
    const first = stewardsOf(state).find((person) => {
      const voter = state.persons.get(person)?.voter ?? null;
      if (person === personIn(profile())) return true;
      return person !== device.person && voter !== null && isHere(record.id, voter);
    });
    return first === personIn(profile());
  }

  async #settle(held: HeldSpace, proof: ForkProof): Promise<void> {
    const place = `${held.record.id}:${proof.author}:${proof.seq}`;
    const kept = this.#proposed.has(place) ? null : await this.#kept(held.record.id, proof);
    if (kept === null) return;
    const { author: device, segment, seq } = kept.header;
    const act: Act = { kind: 'fork_cut', segment, keep: { device, seq, hash: kept.hash } };
    const proposed = await this.#options.stewardship.propose(held, [act]);
    // What could not be proposed now is tried again with the next change of the group or the next start.
    if (proposed.ok) this.#proposed.add(place);
  }

  /** The newest entry of the history that is here; if none of the two is, the one that whoever proved it held. */
  async #kept(space: string, { author, seq, first }: ForkProof): Promise<Entry | null> {
    const head = (await this.#options.replica.heads(space)).get(author);
    const from = head === undefined || head.seq < seq ? null : head.seq;
    const limits = { maxEntries: 1, maxBytes: 1 };
    const [stored] =
      from === null ? [] : await this.#options.replica.read(space, author, from, limits);
    const entry = readStoredEntry(stored?.bytes ?? first);
    return entry.ok ? entry.value : null;
  }
}
