// The gate of one document: takes changes in any order and says which may be applied, in an order that respects what
// they build on. A change that is refused stays so, and so does everything that builds on it.
import { checkAgainstPast } from './causal-check.ts';
import { comesFirst, type BoundChange, type Candidate, type RefusedChange } from './candidate.ts';
import { ChangeIndex, type KnownChange } from './change-index.ts';
import { readChange, type ReadChange, type Reading } from './read-change.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Why a hash is refused; `rival` when that hangs on another change of the same number, which may yet fall itself. */
interface Refused {
  readonly reason: string;
  readonly rival: boolean;
}

/** What a gate knows beyond the changes that stand, so that it can be built again from those and this. */
export interface GateState {
  /** By actor, where the author's log has each of the changes that stand, by their number. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  readonly refused: ReadonlyMap<string, Refused>;
  readonly held: readonly BoundChange[];
}

const MAX_RIVAL_BYTES = 8 * 1024 * 1024;
const BEHIND = 'Its author has numbered another change alike, and that one goes before it.';
const ON_REFUSED = 'It builds on a change that is refused.';

export class ChangeGate {
  readonly #index = new ChangeIndex();
  readonly #waiting = new WaitingRoom();
  readonly #refusedHashes = new Map<string, Refused>();
  /** Hashes that were refused over a rival, by the hash of that rival. */
  readonly #rivals = new Map<string, Candidate>();
  #rivalBytes = 0;
  #ready: Candidate[] = [];
  #refused: RefusedChange[] = [];
  /** Of pairs with one number: the one that stood, and the one that came later and comes first. */
  #displaced: { readonly fallen: string; readonly by: string } | null = null;
  #dropped = 0;

  /**
   * `begin` is what every replica makes itself; `skip` are hashes to refuse unseen, each with its reason; `fallen` those
   * that are known to go behind a rival.
   */
  constructor(
    begin: Uint8Array | null,
    skip: ReadonlyMap<string, string>,
    fallen: ReadonlySet<string> = new Set(),
  ) {
    for (const hash of fallen) this.#refusedHashes.set(hash, { reason: BEHIND, rival: true });
    for (const [hash, reason] of skip) this.#refusedHashes.set(hash, { reason, rival: false });
    if (begin === null) return;
    const read = readChange(begin);
    if (!read.ok)
      throw new Error(`a document begins with a change that is refused: ${read.reason}`);
    const actor = read.change.actors[0] ?? '';
    this.offer({ actor, bytes: begin });
    this.#index.root = read.change.hash;
    this.#ready = [];
  }

  get waiting(): readonly Candidate[] {
    return this.#waiting.all();
  }

  offer(change: BoundChange, read: Reading = readChange(change.bytes)): void {
    if (!read.ok) {
      this.#report(change.actor, read.hash, read.reason);
      if (read.hash === null) return;
      this.#settle(read.hash, { reason: read.reason, rival: false });
      this.#admit(this.#waiting.release(read.hash));
      return;
    }
    const { hash, deps, actors } = read.change;
    if (actors[0] !== change.actor) {
      // Says nothing about the change itself: its true author may have it in a log too.
      this.#report(change.actor, hash, 'It names another actor than its author may use.');
      return;
    }
    const candidate = { ...change, place: change.place ?? 0, hash, deps };
    if (this.#decide(candidate, read.change)) this.#admit(this.#waiting.release(hash));
  }

  /** What has become ready since the last call, in an order that respects what it builds on. */
  takeReady(): readonly Candidate[] {
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }

  takeRefused(): readonly RefusedChange[] {
    const taken = this.#refused;
    this.#refused = [];
    return taken;
  }

  /** How many found no room to wait since the last call. */
  takeDropped(): number {
    const taken = this.#dropped;
    this.#dropped = 0;
    return taken;
  }

  /** Refuses a change that stood here and that Automerge did not take. */
  condemn(candidate: Candidate): void {
    const { hash, actor } = candidate;
    const reason = 'Automerge could not apply it.';
    this.#settle(hash, { reason, rival: false });
    this.#refused.push({ actor, hash, reason, harmful: true });
  }

  /** Refuses a change that stood here when something that it builds on has been condemned since; true if so. */
  hasFallen(candidate: Candidate): boolean {
    const hasFallen = candidate.deps.some((dep) => this.#refusedHashes.has(dep));
    if (hasFallen) this.#refuse(candidate, { reason: ON_REFUSED, rival: false });
    return hasFallen;
  }

  stands(hash: string): boolean {
    return this.find(hash) !== null && !this.#refusedHashes.has(hash);
  }

  find(hash: string): KnownChange | null {
    return this.#index.find(hash);
  }

  actorOf(known: KnownChange): string {
    return this.#index.actorName(known.actor);
  }

  /** Hash of the change that every replica makes itself, if there is one. */
  get root(): string | null {
    return this.#index.root;
  }

  /** Why this replica's own next change would be refused, or null; leaves everything as it is. */
  objection(bytes: Uint8Array): string | null {
    const read = readChange(bytes);
    if (!read.ok) return read.reason;
    const size = this.#index.ops.size;
    const verdict = checkAgainstPast(read.change, 0, this.#index);
    this.#index.ops.truncate(size);
    return verdict.stands ? null : verdict.reason;
  }

  state(): GateState {
    const held = this.held().map(({ actor, bytes, place }) => ({ actor, bytes, place }));
    return { places: this.#index.places(), refused: new Map(this.#refusedHashes), held };
  }

  get displaced(): { readonly fallen: string; readonly by: string } | null {
    return this.#displaced;
  }

  /** Everything held that does not stand and may yet: those that wait, and those refused over a rival. */
  held(): readonly Candidate[] {
    return [...this.#waiting.all(), ...this.#rivals.values()];
  }

  /** Decides on those that waited, and on those that waited for them. */
  #admit(released: readonly Candidate[]): void {
    const queue = [...released];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (this.#decide(next, null)) queue.push(...this.#waiting.release(next.hash));
    }
  }

  /** True when there is a verdict on the candidate, so that those who wait for it can have theirs. */
  #decide(candidate: Candidate, change: ReadChange | null): boolean {
    const { hash, deps, place } = candidate;
    const known = this.#index.find(hash);
    if (known !== null) this.#index.moveTo(known, place);
    if (known !== null || this.#waiting.has(hash)) return false;
    const refused = this.#refusedHashes.get(hash);
    if (refused !== undefined) return this.#refuse(candidate, refused);
    const fallen = deps.map((dep) => this.#refusedHashes.get(dep)).find((dep) => dep !== undefined);
    if (fallen !== undefined) {
      return this.#refuse(candidate, { reason: ON_REFUSED, rival: fallen.rival });
    }
    const missing = deps.find((dep) => this.#index.find(dep) === null);
    if (missing !== undefined) {
      if (!this.#waiting.add(candidate, missing)) this.#dropped += 1;
      return false;
    }
    return this.#judge(candidate, change ?? reread(candidate));
  }

  #judge(candidate: Candidate, change: ReadChange): boolean {
    const size = this.#index.ops.size;
    const verdict = checkAgainstPast(change, candidate.place, this.#index);
    if (!verdict.stands) return this.#refuse(candidate, { reason: verdict.reason, rival: false });
    const holder = this.#index.holder(verdict.known.actor, verdict.known.seq);
    if (holder === null) {
      this.#index.add(verdict.known);
      this.#ready.push(candidate);
      return true;
    }
    this.#index.ops.truncate(size);
    if (comesFirst(verdict.known, holder)) {
      this.#displaced ??= { fallen: holder.hash, by: candidate.hash };
    }
    return this.#refuse(candidate, { reason: BEHIND, rival: true });
  }

  #refuse(candidate: Candidate, refused: Refused): true {
    const { hash, actor, bytes } = candidate;
    this.#settle(hash, refused);
    this.#report(actor, hash, refused.reason);
    if (refused.rival && this.#rivalBytes + bytes.length <= MAX_RIVAL_BYTES) {
      if (!this.#rivals.has(hash)) this.#rivalBytes += bytes.length;
      this.#rivals.set(hash, candidate);
    }
    return true;
  }

  #settle(hash: string, refused: Refused): void {
    if (!this.#refusedHashes.has(hash)) this.#refusedHashes.set(hash, refused);
  }

  #report(actor: string, hash: string | null, reason: string): void {
    this.#refused.push({ actor, hash, reason });
  }
}

function reread(candidate: Candidate): ReadChange {
  const read = readChange(candidate.bytes);
  if (!read.ok) throw new Error(`bytes that were read once are refused now: ${read.reason}`);
  return read.change;
}
