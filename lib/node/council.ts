// The stewards of one space as this device takes part in them: hears what they say in the space's log, makes the moves that
// are its own, and says them there. After a restart it goes on from the log and from what it remembers having signed.
import { BallotBox } from '../group/ballot-box.ts';
import type { KeyId } from '../group/control-state.ts';
import { bringsDevice, motionOf, type MotionId } from '../group/motion.ts';
import type { WeighedMotion } from '../group/motions.ts';
import {
  BACK_OFF_MS,
  moveKey,
  nextMove,
  topBallot,
  type Move,
  type Situation,
} from '../group/next-move.ts';
import { createMutex } from '../log/mutex.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { encodeBallotMessage, type BallotMessage } from '../wire/ballot.ts';
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import type { Act } from '../wire/control-act.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import type { ControlEntry } from '../wire/control.ts';
import { failureOf, ok, type Result } from '../wire/failure.ts';
import { BALLOT, ballotIn } from './ballot-words.ts';
import {
  NOT_OPEN,
  personIn,
  shownOf,
  situationOf,
  type CouncilOptions,
  type Decision,
} from './council-parts.ts';
import { makeMove, tellProof, type MoveParts } from './council-moves.ts';
import { drawUp, type ChangeOfKeys } from './draw-up.ts';
import { between } from './space-group.ts';

/** Bounds one round of moves; whatever is left is done in the next. */
const MAX_MOVES = 64;

export class Council {
  readonly #options: CouncilOptions;
  readonly #box: BallotBox;
  readonly #inTurn = createMutex();
  readonly #stops: (() => void)[] = [];
  /** Moves that did not work at this place in the control log. */
  readonly #refused = new Set<string>();
  #at: Uint8Array;
  #standing = { key: '', since: 0 };
  #timer: ReturnType<typeof setTimeout> | null = null;
  #open: readonly WeighedMotion[] = [];
  #shown = '';
  #closed = false;

  constructor(options: CouncilOptions) {
    this.#options = options;
    this.#box = new BallotBox(options.group.log);
    this.#at = options.group.log.tip().head;
    const { space, replica } = options;
    this.#stops.push(
      space.onEntries((entries) => void this.#heard(entries)),
      replica.subscribe((id, stored) => {
        if (id !== space.id) return;
        if (stored.some(({ header }) => toHex(header.author) === id)) void this.look();
      }),
    );
    void space.events().then((entries) => this.#heard(entries));
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Motions that wait for someone, oldest first. */
  motions(): readonly WeighedMotion[] {
    return this.#open;
  }

  /** What this person proposed to let a device in, if that is still open. */
  proposedFor({ certificate }: Enrolment): Promise<MotionId | null> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      const device = this.#options.profile().signer.publicKey;
      const isIt = ({ draft: { entry } }: WeighedMotion) =>
        equalBytes(entry.proposer, device) && bringsDevice(entry, certificate);
      return this.#open.find(isIt)?.id ?? null;
    });
  }

  /** Whether something of a kind is proposed already. */
  isProposed(isIt: (entry: ControlEntry) => boolean): boolean {
    return this.#open.some(({ draft }) => isIt(draft.entry));
  }

  /** Stewards whose votes for a motion are known. */
  votersFor({ draft }: WeighedMotion): ReadonlySet<KeyId> {
    return this.#box.table().votersFor(draft.hash);
  }

  /** Proof that a steward signed two votes in one ballot. */
  doubleVote(): ReturnType<BallotBox['doubleVote']> {
    return this.#box.doubleVote();
  }

  /** Takes all that happened meanwhile into account, and makes the moves that follow. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#advance());
  }

  /** Puts acts, or new keys, before the stewards. Failures: as of `composeControl`, `forked`, and of writing. */
  propose(acts: readonly Act[], keys: ChangeOfKeys = {}): Promise<Result<Decision>> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      const drawn = await drawUp(this.#options, { acts, at: this.#options.now(), ...keys });
      if (!drawn.ok) return drawn;
      const { entry, proposal } = drawn.value;
      const said = await this.#say({ kind: 'draft', proposal });
      if (!said.ok) return said;
      await this.#advance();
      return ok(this.#cameOf(entry));
    });
  }

  /** This person's word on a motion. Failure `not_found`: it is not open any more. */
  answer(id: MotionId, yes: boolean): Promise<Result<Decision>> {
    return this.#aboutOpen(id, (motion) => ({ kind: 'answer', motion, yes }));
  }

  /** Takes back what this person proposed. */
  withdraw(id: MotionId): Promise<Result<Decision>> {
    return this.#aboutOpen(id, (motion) => ({ kind: 'withdraw', motion }));
  }

  #aboutOpen(id: MotionId, message: (motion: Uint8Array) => BallotMessage) {
    return this.#inTurn(async (): Promise<Result<Decision>> => {
      await this.#catchUp();
      const motion = this.#open.find((open) => open.id === id);
      const key = fromHex(id);
      if (motion === undefined || key === null) return NOT_OPEN;
      const said = await this.#say(message(key));
      if (!said.ok) return said;
      await this.#advance();
      return ok(this.#cameOf(motion.draft.entry));
    });
  }

  #cameOf(entry: ControlEntry): Decision {
    const motion = toHex(motionOf(entry));
    return this.#box.motions.isDecided(motion) ? { kind: 'decided' } : { kind: 'waiting', motion };
  }

  #heard(entries: readonly OpenedEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      let isNew = false;
      for (const entry of entries) isNew = (await this.#hear(entry)) || isNew;
      if (isNew) await this.#advance();
    });
  }

  async #hear(entry: OpenedEntry): Promise<boolean> {
    if (this.#box.hasHeard(entry.hash)) return false;
    const message = ballotIn(entry);
    if (message !== null) await this.#box.hear(entry.hash, entry.author, message);
    return message !== null;
  }

  /** Reads what has not been heard yet of the log, and weighs what is open. */
  async #catchUp(): Promise<void> {
    for (const entry of await this.#options.space.events()) await this.#hear(entry);
    await this.#follow();
  }

  async #follow(): Promise<void> {
    await this.#box.follow();
    const { state } = this.#box.table();
    this.#open = await this.#box.motions.open(state);
    if (equalBytes(state.head, this.#at)) return;
    const { log } = this.#options.group;
    const news = between(log, this.#at);
    this.#refused.clear();
    this.#at = state.head;
    for (const { control } of news) this.#options.onDecided(control.entry);
  }

  async #advance(): Promise<void> {
    for (let count = 0; count < MAX_MOVES && !this.#closed; count += 1) {
      await this.#follow();
      const move = await this.#nextMove();
      if (move === null || move.kind === 'wait') {
        this.#lookAgainIn(move?.ms ?? BACK_OFF_MS);
        break;
      }
      const done = await makeMove(this.#parts(), move).catch((error: unknown): Result<never> => ({
        ok: false,
        failure: failureOf(error),
      }));
      if (!done.ok) this.#refused.add(moveKey(move));
    }
    this.#tell();
  }

  #tell(): void {
    const shown = shownOf(this.#at, this.#open, this.#box.doubleVote());
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#options.onChange();
  }

  async #nextMove(): Promise<Move | null> {
    const { group } = this.#options;
    if (group.log.frozen() !== null) return null;
    const proof = this.#box.doubleVote();
    if (proof !== null) {
      await tellProof(this.#parts(), proof.message);
      return null;
    }
    return nextMove(this.#situation());
  }

  #situation(): Situation {
    const box = this.#box;
    const key = `${toHex(this.#at)}:${topBallot(box.table())}`;
    const { now } = this.#options;
    if (this.#standing.key !== key) this.#standing = { key, since: now() };
    const standingMs = now() - this.#standing.since;
    const rest = { motions: this.#open, refused: this.#refused, standingMs };
    return situationOf(this.#options, { table: box.table(), ...rest });
  }

  #parts(): MoveParts {
    const say = (message: BallotMessage) => this.#say(message);
    return { ...this.#options, box: this.#box, person: personIn(this.#options.profile()), say };
  }

  async #say(message: BallotMessage): Promise<Result<null>> {
    const encoded = encodeBallotMessage(message);
    if (!encoded.ok) return encoded;
    const said = await this.#options.space.record(BALLOT, encoded.value);
    if (!said.ok) return said;
    await this.#hear(said.value);
    return ok(null);
  }

  /** Others come and go, and a silent leader is given only so long. */
  #lookAgainIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const isOver = this.#open.length === 0 || this.#closed;
    this.#timer = isOver ? null : setTimeout(() => void this.look(), ms);
  }
}
