// Takes entries of a space in: each once and in its author's order, those that count opened, the others kept aside or named.
import type { ControlLog } from '../group/control-log.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import { judge, judgeBody, type NamedHeads } from './judge.ts';
import { open, type OpenedEntry } from './opened-entry.ts';

/** Entries that will not be applied, and why the first of them. */
export interface Quarantine {
  readonly count: number;
  readonly first: Failure | null;
}

export interface IntakeOptions {
  readonly keys: EpochKeys;
  readonly control: ControlLog | null;
}

export class Intake {
  readonly #options: IntakeOptions;
  /** Highest seq taken, by author: an entry is taken once, whichever way it comes. */
  readonly #taken = new Map<string, number>();
  readonly #named: NamedHeads = new Map();
  /** Entries that wait for the control log or a key, in order of arrival. */
  #waiting: Entry[] = [];
  #quarantined = 0;
  #firstFault: Failure | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** The entries among these that count, opened. */
  async take(entries: readonly Entry[]): Promise<OpenedEntry[]> {
    return this.#open(entries.filter((entry) => this.#isNext(entry)));
  }

  /** The same for those that waited, after the control log has moved. */
  async takeWaiting(): Promise<OpenedEntry[]> {
    const waiting = this.#waiting;
    this.#waiting = [];
    return this.#open(waiting);
  }

  /** Whether a removal or a fork cut has put an end to a log before what was taken of it. */
  isOvertaken(): boolean {
    const tip = this.#options.control?.tip();
    if (tip === undefined) return false;
    const isPast = (author: string, seq: number) => (this.#taken.get(author) ?? 0) > seq;
    return (
      [...tip.gone].some(([author, frontier]) => isPast(author, frontier.seq)) ||
      [...tip.cuts].some(([author, cuts]) => cuts.some(({ seq }) => isPast(author, seq)))
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
    return verdict.kind === 'open';
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

  #isNext({ header }: Entry): boolean {
    const author = toHex(header.author);
    if (header.seq !== (this.#taken.get(author) ?? 0) + 1) return false;
    this.#taken.set(author, header.seq);
    return true;
  }

  #refuse(failure: Failure): void {
    this.#quarantined += 1;
    this.#firstFault ??= failure;
  }
}
