// Who can reach whom: connections with delay, loss, half-open death and partitions, kept up by redialling.
import type { Channel } from '../../lib/transport/channel.ts';
import type { Clock } from './clock.ts';
import { createPipe, type Pipe } from './pipe.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';
import type { Watch } from './watch.ts';

/** Anyone with an address: an honest machine, the relay, a hostile member, an outsider. */
export interface Party {
  readonly name: string;
  readonly isHonest: boolean;
  readonly isRelay?: true;
  isUp(): boolean;
  /** Takes its end of a new connection. */
  meet(channel: Channel, pipe: Pipe): void;
  /** What it does to bytes that it sends; honest parties nothing. */
  tamper?(message: Uint8Array): Uint8Array;
}

interface Line {
  readonly ends: readonly [Party, Party];
  pipe: Pipe | null;
  attempts: number;
  isWanted: boolean;
}

export interface NetworkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly watch: Watch;
}

/** A party that is turned away is not tried for ever when it is hostile. */
const MAX_HOSTILE_ATTEMPTS = 6;

export class Network {
  readonly #parts: NetworkParts;
  readonly #lines: Line[] = [];
  /** Parties of different islands cannot reach each other; nobody is on one unless there is a partition. */
  #islands = new Map<Party, number>();

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Keeps these two connected from now on, as far as the weather allows. */
  link(one: Party, two: Party): void {
    if (one === two || this.#lines.some((line) => line.isWanted && joins(line, one, two))) return;
    const line: Line = { ends: [one, two], pipe: null, attempts: 0, isWanted: true };
    this.#lines.push(line);
    this.#dialSoon(line, 50);
  }

  /** A party that has just started looks for its company at once. */
  wake(party: Party): void {
    for (const line of this.#linesOf(party)) this.#dialSoon(line, 50);
  }

  unlink(party: Party): void {
    for (const line of this.#linesOf(party)) {
      line.isWanted = false;
      line.pipe?.cut();
    }
  }

  pipes(): Pipe[] {
    return this.#lines.flatMap(({ pipe }) => (pipe === null ? [] : [pipe]));
  }

  /** The party is gone at this instant; `losing` says whether what it had sent is lost too. */
  crash(party: Party, losing: boolean): void {
    for (const { pipe } of this.#linesOf(party)) {
      if (losing) pipe?.cut();
      else pipe?.hangUp(party);
    }
  }

  /** Splits the parties; what is under way between two islands is lost, and each end notices late. */
  partition(islands: ReadonlyMap<Party, number>): void {
    this.#islands = new Map(islands);
    for (const { ends, pipe } of this.#lines) {
      if (pipe !== null && !this.#canReach(...ends)) pipe.goDark();
    }
  }

  heal(): void {
    this.#islands.clear();
    for (const { pipe } of this.#lines) if (pipe?.isDark()) pipe.cut();
  }

  #canReach(one: Party, two: Party): boolean {
    return (this.#islands.get(one) ?? 0) === (this.#islands.get(two) ?? 0);
  }

  #linesOf(party: Party): Line[] {
    return this.#lines.filter(({ ends }) => ends.includes(party));
  }

  #dialSoon(line: Line, longestMs: number): void {
    const { clock, random } = this.#parts;
    clock.after(random.next() * longestMs, () => this.#dial(line));
  }

  #dial(line: Line): void {
    const [one, two] = line.ends;
    if (!line.isWanted || line.pipe !== null) return;
    if (!one.isUp() || !two.isUp() || !this.#canReach(one, two)) return this.#dialSoon(line, 4000);
    line.attempts += 1;
    if (line.attempts > MAX_HOSTILE_ATTEMPTS && !(one.isHonest && two.isHonest)) {
      line.isWanted = false;
      return;
    }
    const pipe = createPipe(this.#parts, one, two);
    line.pipe = pipe;
    void pipe.closed.then(() => {
      if (line.pipe === pipe) line.pipe = null;
      this.#dialSoon(line, 4000);
    });
    one.meet(pipe.left, pipe);
    two.meet(pipe.right, pipe);
  }
}

function joins({ ends }: Line, one: Party, two: Party): boolean {
  return ends.includes(one) && ends.includes(two);
}
