// What a node's storage device does: it writes in order and takes its time, outlives a crash, fills up, can be copied
// while nobody looks, and can be put back to an old copy.
import type { EntryStore, ForkProof, StoredEntry } from '../../lib/store/entry-store.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import { fail } from '../../lib/wire/failure.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface DiskEvents {
  /** Before it is added to what `contents` shows. */
  onAppended?(entry: StoredEntry): void;
  onFork?(proof: ForkProof): void;
}

/** What is durable, for those who judge from outside. One space is all that a simulated disk holds. */
export interface Contents {
  readonly logs: ReadonlyMap<string, readonly StoredEntry[]>;
  readonly forks: ReadonlyMap<string, ForkProof>;
}

export interface Mounted {
  readonly store: EntryStore;
  readonly cut: () => void;
}

export interface Disk {
  /** The store as one process has it. After `cut` nothing that it asked for is answered or written. */
  mount(): Mounted;
  readonly contents: Contents;
  isFull: boolean;
  listen(events: DiskEvents): void;
  /** A disk with what is durable on this one now. */
  copy(): Promise<Disk>;
}

type Call = { readonly name: keyof EntryStore; readonly args: readonly unknown[] };

const READS: readonly (keyof EntryStore)[] = ['heads', 'read', 'forks', 'close'];
const MAX_DELAY_MS = 4;

export function createDisk(clock: Clock, random: Random): Disk {
  return new SimulatedDisk(clock, random);
}

class SimulatedDisk implements Disk {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #inner = createMemoryEntryStore();
  /** Every write that went through, so that a copy can be made by doing them again. */
  readonly #journal: Call[] = [];
  readonly contents = {
    logs: new Map<string, StoredEntry[]>(),
    forks: new Map<string, ForkProof>(),
  };
  #events: DiskEvents = {};
  #busyUntilMs: number;
  isFull = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#busyUntilMs = clock.now();
  }

  listen(events: DiskEvents): void {
    this.#events = events;
  }

  mount(): Mounted {
    let isCut = false;
    const ask = (name: keyof EntryStore, args: readonly unknown[]): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#inTurn(() => {
        if (isCut) return;
        this.#do({ name, args }).then((value) => {
          // A crash may come after the write and before anyone hears of it.
          this.#inTurn(() => isCut || resolve(value));
        }, reject);
      });
      return promise;
    };
    // Whatever the contract of a store offers is asked in turn, today's calls and later ones.
    const store = new Proxy(this.#inner, {
      get: (_, name: keyof EntryStore) =>
        name === 'close' ? () => {} : (...args: unknown[]) => ask(name, args),
    });
    const cut = (): void => {
      isCut = true;
    };
    return { store, cut };
  }

  async copy(): Promise<Disk> {
    const copy = new SimulatedDisk(this.#clock, this.#random.branch('copy'));
    for (const call of this.#journal) await copy.#do(call);
    return copy;
  }

  #inTurn(run: () => unknown): void {
    const delayMs = this.#random.chance(0.5) ? 0 : this.#random.next() * MAX_DELAY_MS;
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.#clock.now() + delayMs);
    this.#clock.after(this.#busyUntilMs - this.#clock.now(), () => void run());
  }

  async #do(call: Call): Promise<unknown> {
    const { name, args } = call;
    if (name === 'append' && this.isFull) return FULL;
    // The arguments are those of the method that the call names: the proxy took both from one call.
    const method = this.#inner[name] as (...args: readonly unknown[]) => unknown;
    const value = await method(...args);
    if (READS.includes(name)) return value;
    this.#journal.push(call);
    this.#mirror(call, value);
    return value;
  }

  #mirror({ name, args }: Call, value: unknown): void {
    if (name === 'append' && (value as { ok: boolean }).ok) {
      const entries = args[1] as readonly StoredEntry[];
      for (const entry of entries) {
        this.#events.onAppended?.(entry);
        const log = this.contents.logs.get(entry.author) ?? [];
        this.contents.logs.set(entry.author, log);
        log.push(entry);
      }
    }
    if (name === 'addFork') {
      const proof = args[1] as ForkProof;
      if (this.contents.forks.has(proof.author)) return;
      this.contents.forks.set(proof.author, proof);
      this.#events.onFork?.(proof);
    }
  }
}

const FULL = fail('storage_full', 'The simulated disk is full.', 'Wait.');
