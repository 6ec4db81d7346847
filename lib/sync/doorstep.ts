// Those who stand outside a space: whoever was put out is shown the control log, which proves it, so that they need take
// nobody's word for it; whoever came too early is judged again.
import { readLogEntry } from '../group/control-logs.ts';
import type { Replica } from '../log/replica.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import type { SyncMessage } from '../wire/sync-message.ts';
import type { Handshaken } from './handshake.ts';
import { controlBatches } from './ranges.ts';
import { REMOVED } from './refusals.ts';
import { checkTicket, type SpaceDoor } from './space-door.ts';

export type Knock = Extract<SyncMessage, { type: 'open' }>;

export interface DoorstepOptions {
  readonly replica: Replica;
  readonly door: SpaceDoor;
}

export class Doorstep {
  readonly #options: DoorstepOptions;
  readonly #post: (message: SyncMessage) => void;
  readonly #knocks = new Map<string, Knock>();

  constructor(options: DoorstepOptions, post: (message: SyncMessage) => void) {
    this.#options = options;
    this.#post = post;
  }

  get size(): number {
    return this.#knocks.size;
  }

  /** Why the other may not come into a space, or null. */
  async judge(other: Handshaken, knock: Knock): Promise<Failure | null> {
    const refusal = await checkTicket(this.#options.door, other, knock);
    if (refusal === REMOVED) await this.#showRemoval(knock.space);
    else if (refusal !== null) this.#knocks.set(toHex(knock.space), knock);
    return refusal;
  }

  /** Whether the other was turned away and would be let in now. */
  async mayEnter(other: Handshaken, id: string): Promise<boolean> {
    const knock = this.#knocks.get(id);
    return knock !== undefined && (await checkTicket(this.#options.door, other, knock)) === null;
  }

  /** The knock of someone who was turned away, which is forgotten by that. */
  take(id: string): Knock | undefined {
    const knock = this.#knocks.get(id);
    this.#knocks.delete(id);
    return knock;
  }

  /** From someone who turns us away only what stewards decided is looked at. */
  async learnRemoval(space: Uint8Array, entries: readonly Uint8Array[]): Promise<void> {
    const decisions = entries.filter((bytes) => readLogEntry(bytes) !== null);
    await this.#options.replica.accept(toHex(space), decisions);
  }

  async #showRemoval(space: Uint8Array): Promise<void> {
    for await (const entries of controlBatches(this.#options.replica, space)) {
      this.#post({ type: 'entries', space, entries });
    }
  }
}
