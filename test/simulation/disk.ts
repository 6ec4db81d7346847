// What a node's storage device does: it writes in order and takes its time, outlives a crash, fills up, can be copied
// while nobody looks, and can be put back to an old copy.
import type { EntryStore, ForkProof, StoredEntry } from '../../lib/store/entry-store.ts';
import { createMemoryEntryStore, createMemoryRecordStore } from '../../lib/store/memory-store.ts';
import type { RecordStore } from '../../lib/store/record-store.ts';
import { fail } from '../../lib/wire/failure.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface DiskEvents {
  /** Before it is added to what `contents` shows. */
  onAppended?(entry: StoredEntry): void;
  onFork?(proof: ForkProof): void;
}

/** What is durable of the one space that a simulation is about, for those who judge from outside. */
export interface Contents {
  readonly logs: ReadonlyMap<string, readonly StoredEntry[]>;
  readonly forks: ReadonlyMap<string, ForkProof>;
}

export interface Mounted {
  readonly store: EntryStore;
  readonly records: RecordStore;
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

interface Call {
  readonly of: 'entries' | 'records';
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface DiskOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Hex: what `contents` shows. */
  readonly space: string;
}

const READS = ['heads', 'read', 'forks', 'close', 'get', 'list'];
const MAX_DELAY_MS = 4;

export function createDisk(options: DiskOptions): Disk {
  return new SimulatedDisk(options);
}

class SimulatedDisk implements Disk {
  readonly #options: DiskOptions;
  readonly #inner = { entries: createMemoryEntryStore(), records: createMemoryRecordStore() };
  /** Every write that went through, so that a copy can be made by doing them again. */
  readonly #journal: Call[] = [];
  readonly contents = {
    logs: new Map<string, StoredEntry[]>(),
    forks: new Map<string, ForkProof>(),
  };
  #events: DiskEvents = {};
  #busyUntilMs: number;
  isFull = false;

  constructor(options: DiskOptions) {
    this.#options = options;
    this.#busyUntilMs = options.clock.now();
  }

  listen(events: DiskEvents): void {
    this.#events = events;
  }

  mount(): Mounted {
    let isCut = false;
    const ask = (call: Call): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#inTurn(() => {
        if (isCut) return;
        this.#do(call).then((value) => {
          // A crash may come after the write and before anyone hears of it.
          this.#inTurn(() => isCut || resolve(value));
        }, reject);
      });
      return promise;
    };
    // Whatever the contract of a store offers is asked in turn, today's calls and later ones.
    const asking = <Of extends Call['of']>(of: Of) =>
      new Proxy(this.#inner[of], {
        get: (_, name: string) =>
          name === 'close' ? () => {} : (...args: unknown[]) => ask({ of, name, args }),
      });
    const cut = (): void => {
      isCut = true;
    };
    return { store: asking('entries'), records: asking('records'), cut };
  }

  async copy(): Promise<Disk> {
    const random = this.#options.random.branch('copy');
    const copy = new SimulatedDisk({ ...this.#options, random });
    for (const call of this.#journal) await copy.#do(call);
    return copy;
  }

  #inTurn(run: () => unknown): void {
    const { clock, random } = this.#options;
    const delayMs = random.chance(0.5) ? 0 : random.next() * MAX_DELAY_MS;
    this.#busyUntilMs = Math.max(this.#busyUntilMs, clock.now() + delayMs);
    clock.after(this.#busyUntilMs - clock.now(), () => void run());
  }

  async #do(call: Call): Promise<unknown> {
    const { of, name, args } = call;
    if (name === 'append' && this.isFull) return FULL;
    // The arguments are those of the method that the call names: the proxy took both from one call.
    const methods = this.#inner[of] as unknown as Readonly<Record<string, Method>>;
    const value = await methods[name]?.(...args);
    if (READS.includes(name)) return value;
    this.#journal.push(call);
    this.#mirror(call, value);
    return value;
  }

  #mirror({ name, args }: Call, value: unknown): void {
    if (args[0] !== this.#options.space) return;
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

type Method = (...args: readonly unknown[]) => unknown;

const FULL = fail('storage_full', 'The simulated disk is full.', 'Wait.');
