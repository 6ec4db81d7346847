// All that stewards of one space said to each other, in any order and as often as it comes: the motions, the table of the
// next decision, and the proofs that someone voted twice.
import type { BallotMessage } from '../wire/ballot.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { BallotTable } from './ballot-table.ts';
import type { ControlLog } from './control-log.ts';
import type { KeyId } from './control-state.ts';
import { proveDoubleVote, type DoubleVote, type ProvedDoubleVote } from './double-vote.ts';
import { Motions } from './motions.ts';

interface Remark {
  readonly author: KeyId;
  readonly message: BallotMessage;
}

/** What was said about decisions that are not the next one yet, or not any more, is not kept without bound. */
const MAX_EARLY = 512;

export class BallotBox {
  readonly motions = new Motions();
  readonly #log: ControlLog;
  readonly #heard = new Set<string>();
  #table: BallotTable;
  #early: Remark[] = [];
  #unproved: DoubleVote[] = [];
  #proof: ProvedDoubleVote | null = null;
  #followed: Uint8Array | null = null;

  constructor(log: ControlLog) {
    this.#log = log;
    this.#table = new BallotTable(log.tip());
  }

  /** What was said about the decision after the tip. Call `follow` first. */
  table(): BallotTable {
    return this.#table;
  }

  /** Proof that a steward voted twice in one ballot: nobody decides here any more. */
  doubleVote(): ProvedDoubleVote | null {
    return this.#proof;
  }

  hasHeard(id: string): boolean {
    return this.#heard.has(id);
  }

  /** `id` names the entry of the content log that it came in; `device` wrote that entry. */
  async hear(id: string, device: KeyId, message: BallotMessage): Promise<void> {
    if (this.#heard.has(id)) return;
    this.#heard.add(id);
    await this.follow();
    if (message.kind === 'double_vote') this.#unproved.push(message);
    const author = this.#stewardOf(device);
    if (author !== null) await this.#file({ author, message });
    await this.#proveAll();
  }

  /** Moves on with the control log. */
  async follow(): Promise<void> {
    const tip = this.#log.tip();
    if (this.#followed !== null && equalBytes(tip.head, this.#followed)) return;
    this.#noteDecided(tip.head);
    this.#followed = tip.head;
    this.#table = new BallotTable(tip);
    const early = this.#early;
    this.#early = [];
    for (const remark of early) await this.#file(remark);
    await this.#proveAll();
  }

  async #file(remark: Remark): Promise<void> {
    const { author, message } = remark;
    switch (message.kind) {
      case 'answer':
        return this.motions.hearAnswer(author, toHex(message.motion), message.yes);
      case 'withdraw':
        return this.motions.hearWithdrawal(author, toHex(message.motion));
      case 'draft':
      case 'call':
        await this.motions.hearDraft(this.#table.state, message.proposal);
        break;
      default:
    }
    await this.#table.hear(author, message);
    const twice = this.#table.doubleVote();
    if (twice !== null && this.#proof === null) this.#unproved.push(twice);
    if (heightOf(message) > this.#table.seat.height) this.#early.push(remark);
    if (this.#early.length > MAX_EARLY) this.#early.shift();
  }

  async #proveAll(): Promise<void> {
    const later: DoubleVote[] = [];
    for (const message of this.#unproved) {
      const proved = await proveDoubleVote(this.#log, message);
      if (proved === 'later') later.push(message);
      else if (proved !== 'no') this.#proof ??= proved;
    }
    this.#unproved = later.slice(-MAX_EARLY);
  }

  #noteDecided(head: Uint8Array): void {
    for (let at = this.#log.controlAt(head); at !== null;) {
      if (this.#followed !== null && equalBytes(at.hash, this.#followed)) return;
      this.motions.decided(at.entry);
      at = this.#log.controlAt(at.entry.prev);
    }
  }

  #stewardOf(device: KeyId): KeyId | null {
    const { devices, persons } = this.#log.tip();
    const person = devices.get(device)?.person;
    return person !== undefined && persons.get(person)?.role === 'steward' ? person : null;
  }
}

function heightOf(message: BallotMessage): number {
  return 'height' in message ? message.height : 0;
}
