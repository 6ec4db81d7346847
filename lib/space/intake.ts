// Takes entries of a space in: each once and in its author's order, those that count opened, the others kept aside or named.
import type { ControlLog } from '../group/control-log.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBody } from '../wire/entry-body.ts';
import type { Failure } from '../wire/failure.ts';
import type { EntryRef } from './document-tail.ts';
import { judge, judgeBody, type JudgedEntry, type NamedHeads } from './judge.ts';
import { open, openedEntry, type OpenedEntry } from './opened-entry.ts';

/** Entries that will not be applied, and why the first of them. */
export interface Quarantine {
  readonly count: number;
  readonly first: Failure | null;
}

/** How far the log of a space was taken in, and what came of it besides opened entries. */
export interface IntakeState {
  /** The highest seq taken of each author (hex), and that entry's hash. */
  readonly taken: readonly (readonly [author: string, seq: number, hash: Uint8Array])[];
  readonly named: readonly (readonly [author: string, control: Uint8Array])[];
  /** Highest seq that counted, by author, and by author and segment. */
  readonly counted: readonly (readonly [log: string, seq: number])[];
  readonly waiting: readonly EntryRef[];
  readonly quarantine: Quarantine;
  /** Ends of logs that it went by, as removals and cuts of forks had set them. */
  readonly ends: readonly string[];
}

/** An entry that need not be opened; null for a body that could not be. */
export interface OpenEntry extends JudgedEntry {
  readonly body: EntryBody | null;
}

export interface IntakeOptions {
  readonly keys: EpochKeys;
  readonly control: ControlLog | null;
}

export class Intake {
  readonly #options: IntakeOptions;
  /** Highest seq taken, by author: an entry is taken once, whichever way it comes. */
  readonly #taken = new Map<string, number>();
  readonly #hashes = new Map<string, Uint8Array>();
  readonly #named: NamedHeads = new Map();
  /** Highest seq that counted, by author, and by author and segment. */
  readonly #counted = new Map<string, number>();
  /** Entries that wait for the control log or a key, in order of arrival. */
  #waiting: Entry[] = [];
  #quarantined = 0;
  #firstFault: Failure | null = null;
  #ends: readonly string[];

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#ends = endsOf(options.control);
  }

  /** Highest seq taken of an author (hex). */
  takenOf(author: string): number {
    return this.#taken.get(author) ?? 0;
  }

  state(): IntakeState {
    const taken = [...this.#taken].map(
      ([author, seq]) => [author, seq, this.#hashes.get(author) ?? NO_HASH] as const,
    );
    const waiting = this.#waiting.map(({ header }) => ({
      author: toHex(header.author),
      seq: header.seq,
    }));
    return {
      taken,
      waiting,
      named: [...this.#named],
      counted: [...this.#counted],
      quarantine: this.quarantine(),
      ends: this.#ends,
    };
  }

  /** Goes on from a state that stands by the control log as it is now; `waiting` are its waiting entries, read again. */
  restore(state: IntakeState, waiting: readonly Entry[]): void {
    for (const [author, seq, hash] of state.taken) {
      this.#taken.set(author, seq);
      this.#hashes.set(author, hash);
    }
    for (const [author, control] of state.named) this.#named.set(author, control);
    for (const [log, seq] of state.counted) this.#counted.set(log, seq);
    this.#waiting = [...waiting];
    this.#quarantined = state.quarantine.count;
    this.#firstFault = state.quarantine.first;
    this.#ends = state.ends;
  }

  /** The entries among these that count, opened. */
  async take(entries: readonly Entry[]): Promise<OpenedEntry[]> {
    return this.#open(entries.filter((entry) => this.#isNext(entry)));
  }

  /** The same for entries that someone else has opened. */
  takeOpen(entries: readonly OpenEntry[]): OpenedEntry[] {
    return entries.flatMap((entry) => {
      if (!this.#isNext(entry)) return [];
      const verdict = judge(this.#options.control, entry, this.#named);
      if (verdict.kind === 'refuse') this.#refuse(verdict.failure);
      if (verdict.kind !== 'open' || entry.body === null) return [];
      const allowed = judgeBody(this.#options.control, entry, entry.body);
      if (allowed.ok) return openedEntry(entry, entry.body);
      this.#refuse(allowed.failure);
      return [];
    });
  }

  /** The same for those that waited, after the control log has moved. */
  async takeWaiting(): Promise<OpenedEntry[]> {
    const waiting = this.#waiting;
    this.#waiting = [];
    return this.#open(waiting);
  }

  /**
   * Whether what was taken no longer stands: a removal or a fork cut has put an end to a log before that, or an end that
   * some entries lay beyond has been moved. If not, it goes by the ends that there are now.
   */
  isOvertaken(): boolean {
    const tip = this.#options.control?.tip();
    if (tip === undefined) return false;
    const ends = new Set(endsOf(this.#options.control));
    if (this.#ends.some((end) => !ends.has(end))) return true;
    this.#ends = [...ends];
    const isPast = (log: string, seq: number) => (this.#counted.get(log) ?? 0) > seq;
    return (
      [...tip.gone].some(([author, frontier]) => isPast(author, frontier.seq)) ||
      [...tip.cuts].some(([author, cuts]) =>
        cuts.some(({ segment, seq }) => isPast(`${author}/${toHex(segment)}`, seq)),
      )
    );
  }

  quarantine(): Quarantine {
    return { count: this.#quarantined, first: this.#firstFault };
  }

  waiting(): number {
    return this.#waiting.length;
  }

  async #open(entries: readonly Entry[]): Promise<OpenedEntry[]> {
    const counting = entries.filter((entry) => this.#counts(entry));
    const opened = await Promise.all(counting.map((entry) => this.#openOne(entry)));
    return opened.filter((entry) => entry !== null);
  }

  #counts(entry: Entry): boolean {
    const verdict = judge(this.#options.control, entry, this.#named);
    if (verdict.kind === 'wait') this.#waiting.push(entry);
    if (verdict.kind === 'refuse') this.#refuse(verdict.failure);
    if (verdict.kind !== 'open') return false;
    const { author, segment, seq } = entry.header;
    this.#counted.set(toHex(author), seq);
    this.#counted.set(`${toHex(author)}/${toHex(segment)}`, seq);
    return true;
  }

  async #openOne(entry: Entry): Promise<OpenedEntry | null> {
    const { control, keys } = this.#options;
    const opened = await open(entry, keys);
    if (!opened.ok) {
      // A key that has not come yet may come with the control log; anything else stays wrong.
      const isKeyless = opened.failure.code === 'permission_denied' && control !== null;
      if (isKeyless) this.#waiting.push(entry);
      else this.#refuse(opened.failure);
      return null;
    }
    const allowed = judgeBody(control, entry, opened.value.body);
    if (allowed.ok) return opened.value;
    this.#refuse(allowed.failure);
    return null;
  }

  #isNext({ header, hash }: JudgedEntry): boolean {
    const author = toHex(header.author);
    if (header.seq !== (this.#taken.get(author) ?? 0) + 1) return false;
    this.#taken.set(author, header.seq);
    this.#hashes.set(author, hash);
    return true;
  }

  #refuse(failure: Failure): void {
    this.#quarantined += 1;
    this.#firstFault ??= failure;
  }
}

const NO_HASH = new Uint8Array();

function endsOf(control: ControlLog | null): string[] {
  const tip = control?.tip();
  if (tip === undefined) return [];
  const gone = [...tip.gone].map(([id, { seq, hash }]) => `gone ${id} ${seq} ${hex(hash)}`);
  const cuts = [...tip.cuts].flatMap(([id, all]) =>
    all.map(({ segment, seq, hash }) => `cut ${id} ${hex(segment)} ${seq} ${hex(hash)}`),
  );
  return [...gone, ...cuts];
}

function hex(hash: Uint8Array | null): string {
  return hash === null ? '' : toHex(hash);
}
