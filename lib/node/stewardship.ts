// Deciding about the group of a space as its steward: who comes in, who goes, with which role.
import { composeControl } from '../group/compose.ts';
import { currentEpoch, devicesOf, quorumOf, type ControlState } from '../group/control-state.ts';
import { enrol } from '../group/statements.ts';
import {
  assemble,
  castVote,
  givePledge,
  proposalFor,
  signDraft,
  type Steward,
  type VoteMemory,
} from '../group/voting.ts';
import { keyOfDid } from '../identity/did-key.ts';
import type { Replica } from '../log/replica.ts';
import { toHex } from '../wire/bytes.ts';
import type { Act, Policy, Role } from '../wire/control-act.ts';
import type { Pledge, Proposal } from '../wire/control.ts';
import type { Enrolment, LogPoint } from '../wire/control-parts.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Profile } from './profile.ts';
import type { HeldSpace } from './held-space.ts';
import type { SpaceGroup } from './space-group.ts';

export interface StewardshipOptions {
  readonly replica: Replica;
  readonly memory: VoteMemory;
  readonly profile: () => Profile;
  readonly now: () => number;
}

/** Each restart in the middle of a decision takes one. */
const MAX_BALLOTS = 1000;

/** Newcomers may write; only reading or remarking is a step down that a steward takes by hand. */
const ROLE_OF_NEWCOMERS: Role = 'editor';

export class Stewardship {
  readonly #options: StewardshipOptions;

  constructor(options: StewardshipOptions) {
    this.#options = options;
  }

  /** The first decision in a space of one's own: this device is in, and whoever has an invite may come in. */
  readonly begin = (held: HeldSpace): Promise<Result<null>> => this.#begin(held, 'by_invite');

  /** The same in the home space, where only this person's own devices ever come in. */
  readonly beginHome = (held: HeldSpace): Promise<Result<null>> => this.#begin(held, 'by_hand');

  /** Whether this device can decide alone. */
  isSteward(held: HeldSpace): boolean {
    const person = this.#personKey();
    const role = held.group?.log.tip().persons.get(person)?.role;
    return role === 'steward';
  }

  /** Keys in hex. Nothing is decided about a device that is in already. */
  async admit(
    held: HeldSpace,
    enrolment: Enrolment,
    { person, device }: { readonly person: string; readonly device: string },
  ): Promise<Result<null>> {
    const state = held.group?.log.tip();
    if (state === undefined) return NO_GROUP;
    if (state.devices.has(device)) return ok(null);
    const act: Act = state.persons.has(person)
      ? { kind: 'add_device', device: enrolment }
      : { kind: 'add', role: ROLE_OF_NEWCOMERS, devices: [enrolment] };
    return this.#decide(held, [act]);
  }

  /** What the person wrote so far stays; a new key shuts them out of what comes. */
  async remove(held: HeldSpace, personDid: string): Promise<Result<null>> {
    const key = keyOfDid(personDid);
    const state = held.group?.log.tip();
    if (!key.ok) return key;
    if (state === undefined) return NO_GROUP;
    const heads = await this.#options.replica.heads(held.record.id);
    const frontiers = devicesOf(state, toHex(key.value)).map(({ key: device }): LogPoint => {
      const head = heads.get(toHex(device));
      return { device, seq: head?.seq ?? 0, hash: head?.hash ?? null };
    });
    return this.#decide(held, [{ kind: 'remove', person: key.value, frontiers }]);
  }

  /** Whether an invite is enough to come in, or this person looks at each request. */
  async setAdmission(held: HeldSpace, admit: Policy['admit']): Promise<Result<null>> {
    const policy = held.group?.log.tip().policy;
    if (policy === undefined) return NO_GROUP;
    return policy.admit === admit
      ? ok(null)
      : this.#decide(held, [{ kind: 'policy', policy: { ...policy, admit } }]);
  }

  async setRole(held: HeldSpace, personDid: string, role: Role): Promise<Result<null>> {
    const key = keyOfDid(personDid);
    return key.ok ? this.#decide(held, [{ kind: 'role', person: key.value, role }]) : key;
  }

  async #begin(held: HeldSpace, admit: Policy['admit']): Promise<Result<null>> {
    const own = await this.#ownEnrolment();
    const policy: Policy = { admit, history: 'full', promotion: 0 };
    return this.#decide(held, [
      { kind: 'add_device', device: own },
      { kind: 'policy', policy },
    ]);
  }

  async #decide(held: HeldSpace, acts: readonly Act[]): Promise<Result<null>> {
    const { group, record } = held;
    if (group === null) return NO_GROUP;
    const state = group.log.tip();
    if (quorumOf(state) > 1) return NEEDS_OTHERS;
    const own = await this.#draft(group, state, acts);
    if (!own.ok) return own;
    const decision = await this.#certify(group, state, own.value);
    if (!decision.ok) return decision;
    const { offence, trouble } = await this.#options.replica.accept(record.id, [
      decision.value.bytes,
    ]);
    const failure = offence ?? trouble;
    if (failure !== null) return { ok: false, failure };
    // What this device had voted for before it was stopped came first: its own change goes on top.
    return decision.value.isOwn ? ok(null) : this.#decide(held, acts);
  }

  async #draft(
    group: SpaceGroup,
    state: ControlState,
    acts: readonly Act[],
  ): Promise<Result<Proposal>> {
    const { profile, now } = this.#options;
    const { signer, certificate } = profile();
    const secret = group.keys.secrets().get(currentEpoch(state).number) ?? null;
    const { mls } = group.keys;
    const change = { acts, at: now(), proposer: signer.publicKey, secret, mls };
    const composed = await composeControl(state, change);
    return composed.ok ? ok(await signDraft({ signer, certificate }, composed.value)) : composed;
  }

  /** One vote is enough here. A vote that was given and never came to anything is taken up again in a higher ballot. */
  async #certify(
    group: SpaceGroup,
    state: ControlState,
    own: Proposal,
  ): Promise<Result<{ readonly bytes: Uint8Array; readonly isOwn: boolean }>> {
    const steward = this.#steward(group);
    let proposal = own;
    const pledges: Pledge[] = [];
    for (let ballot = 0; ballot < MAX_BALLOTS; ballot += 1) {
      const vote = await castVote(steward, { proposal, ballot, pledges, leaderVote: null });
      if (vote.ok) {
        const bytes = await assemble(state, { ...proposal, ballot, votes: [vote.value], pledges });
        return bytes.ok ? ok({ bytes: bytes.value, isOwn: proposal === own }) : bytes;
      }
      if (vote.failure.code !== 'conflict') return vote;
      const given = await givePledge(steward, ballot + 1);
      if (!given.ok) continue;
      proposal = proposalFor([given.value], own);
      pledges.splice(0, 1, given.value.pledge);
    }
    return STUCK;
  }

  #steward({ log, keys }: SpaceGroup): Steward {
    const { profile, memory } = this.#options;
    const { signer, certificate, wrapKey } = profile();
    const own = { signer, certificate, person: this.#personKey(), memory, wrapKey };
    return { log, ...own, mls: keys.mls };
  }

  async #ownEnrolment(): Promise<Enrolment> {
    const { signer, certificate, wrapKey } = this.#options.profile();
    return enrol(signer, certificate, wrapKey.publicKey);
  }

  #personKey(): string {
    const key = keyOfDid(this.#options.profile().person);
    return key.ok ? toHex(key.value) : '';
  }
}

const STUCK = fail(
  'conflict',
  'An earlier change of the group was begun here and could not be finished.',
  'Restart the browser and try again.',
);

const NO_GROUP = fail(
  'not_found',
  'There is nobody to decide about in this space.',
  'Choose a shared space.',
);

const NEEDS_OTHERS = fail(
  'approval_required',
  'This space has several stewards, and more than half of them must agree to such a change.',
  'Ask the other stewards; deciding together comes with a later version.',
);
