// Deciding about the group of a space as its steward: who comes in, who goes, with which role.
import { devicesOf, quorumOf } from '../group/control-state.ts';
import { rewraps, type MotionId } from '../group/motion.ts';
import { frozen, type VoteMemory } from '../group/voting.ts';
import { keyOfDid } from '../identity/did-key.ts';
import type { Replica } from '../log/replica.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import type { Act, Policy, Role } from '../wire/control-act.ts';
import type { Enrolment, LogPoint } from '../wire/control-parts.ts';
import type { SignedComplaint } from '../wire/complaint.ts';
import type { ControlEntry } from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { Council } from './council.ts';
import { personIn, type Decision } from './council-parts.ts';
import { decideAlone } from './decide-alone.ts';
import type { ChangeOfKeys } from './draw-up.ts';
import { ownEnrolment } from './own-enrolment.ts';
import type { HeldSpace } from './held-space.ts';
import { KeyCare } from './key-care.ts';
import type { Profile } from './profile.ts';
import type { SpaceGroup } from './space-group.ts';

export interface StewardshipOptions {
  readonly replica: Replica;
  readonly memory: VoteMemory;
  readonly profile: () => Profile;
  readonly now: () => number;
  /** Whether a device is in a space now. */
  readonly isHere: (space: string, device: string) => boolean;
  /** What a panel shows of a group may have changed. */
  readonly onChange: () => void;
  /** An entry has come into the control log of a space, by whomever. */
  readonly onDecided: (space: string, entry: ControlEntry) => void;
}

/** Newcomers may write; only reading or remarking is a step down that a steward takes by hand. */
const ROLE_OF_NEWCOMERS: Role = 'editor';

export class Stewardship {
  readonly #options: StewardshipOptions;
  readonly #councils = new Map<string, Council>();
  readonly #care = new Map<string, KeyCare>();

  constructor(options: StewardshipOptions) {
    this.#options = options;
  }

  /** The first decision in a space of one's own: this device is in, and whoever has an invite may come in. */
  readonly begin = (held: HeldSpace): Promise<Result<Decision>> => this.#begin(held, 'by_invite');

  /** The same in the home space, where only this person's own devices ever come in. */
  readonly beginHome = (held: HeldSpace): Promise<Result<Decision>> => this.#begin(held, 'by_hand');

  /** Whether this person is one of those who decide. */
  isSteward(held: HeldSpace): boolean {
    const person = personIn(this.#options.profile());
    const role = held.group?.log.tip().persons.get(person)?.role;
    return role === 'steward';
  }

  /**
   * Whether this device's vote is enough. The vote of a device that the same decision takes out (keys in hex) falls to
   * whoever decides that: only the device at which its person said so may.
   */
  decidesAlone(held: HeldSpace, takenOut: readonly string[] = []): boolean {
    return held.group !== null && this.isSteward(held) && this.#decides(held.group, takenOut);
  }

  /** Devices of people who are in: some come, some (keys in hex) go for good, and a new key shuts those out. */
  async changeDevices(
    held: HeldSpace,
    { added, gone }: { readonly added: readonly Enrolment[]; readonly gone: readonly string[] },
  ): Promise<Result<Decision>> {
    const heads = await this.#options.replica.heads(held.record.id);
    const revoked = gone.map((id): Act => {
      const head = heads.get(id);
      const device = fromHex(id) ?? new Uint8Array();
      const frontier = { device, seq: head?.seq ?? 0, hash: head?.hash ?? null };
      return { kind: 'revoke_device', frontier };
    });
    const came = added.map((device): Act => ({ kind: 'add_device', device }));
    return this.propose(held, [...revoked, ...came]);
  }

  /** Keys in hex. Nothing is decided about a device that is in already. */
  async admit(
    held: HeldSpace,
    enrolment: Enrolment,
    { person, device }: { readonly person: string; readonly device: string },
  ): Promise<Result<Decision>> {
    const proposed = (await this.council(held)?.proposedFor(enrolment)) ?? null;
    const state = held.group?.log.tip();
    if (state === undefined) return NO_GROUP;
    if (state.devices.has(device)) return DECIDED;
    if (proposed !== null) return ok({ kind: 'waiting', motion: proposed });
    const act: Act = state.persons.has(person)
      ? { kind: 'add_device', device: enrolment }
      : { kind: 'add', role: ROLE_OF_NEWCOMERS, devices: [enrolment] };
    return this.propose(held, [act]);
  }

  /** What the person wrote so far stays; a new key shuts them out of what comes. */
  async remove(held: HeldSpace, personDid: string): Promise<Result<Decision>> {
    const key = keyOfDid(personDid);
    const state = held.group?.log.tip();
    if (!key.ok) return key;
    if (state === undefined) return NO_GROUP;
    const heads = await this.#options.replica.heads(held.record.id);
    const frontiers = devicesOf(state, toHex(key.value)).map(({ key: device }): LogPoint => {
      const head = heads.get(toHex(device));
      return { device, seq: head?.seq ?? 0, hash: head?.hash ?? null };
    });
    return this.propose(held, [{ kind: 'remove', person: key.value, frontiers }]);
  }

  async setPolicy(held: HeldSpace, change: Partial<Policy>): Promise<Result<Decision>> {
    const policy = held.group?.log.tip().policy;
    if (policy === undefined) return NO_GROUP;
    const next = { ...policy, ...change };
    const { admit, history, promotion } = next;
    const isSame =
      policy.admit === admit && policy.history === history && policy.promotion === promotion;
    return isSame ? DECIDED : this.propose(held, [{ kind: 'policy', policy: next }]);
  }

  async setRole(held: HeldSpace, personDid: string, role: Role): Promise<Result<Decision>> {
    const key = keyOfDid(personDid);
    return key.ok ? this.propose(held, [{ kind: 'role', person: key.value, role }]) : key;
  }

  /**
   * Puts acts, or new keys, before the stewards of a space. Decided at once where this device decides alone; else the
   * others' nodes hear of it, and `waiting` names the motion that they see. Failures: as of `composeControl`, `forked`
   * (a steward decided twice here), `permission_denied` (not a steward).
   */
  async propose(
    held: HeldSpace,
    acts: readonly Act[],
    keys: ChangeOfKeys = {},
  ): Promise<Result<Decision>> {
    const { group, space } = held;
    const council = this.council(held);
    if (group === null || council === null) return NO_GROUP;
    if (!this.isSteward(held)) return NOT_A_STEWARD;
    if (group.log.frozen() !== null || council.doubleVote() !== null) return frozen();
    if (!this.#decides(group, revokedIn(acts))) return council.propose(acts, keys);
    const parts = { ...this.#options, person: personIn(this.#options.profile()), space, group };
    const decided = await decideAlone(parts, acts, keys);
    return decided.ok ? DECIDED : decided;
  }

  /** This person's word on a motion. Failure `not_found`: it is not open any more. */
  async answer(held: HeldSpace, motion: MotionId, yes: boolean): Promise<Result<Decision>> {
    return this.isSteward(held)
      ? (this.council(held)?.answer(motion, yes) ?? NO_GROUP)
      : NOT_A_STEWARD;
  }

  /** Takes back what this person proposed. Failure: as above. */
  async withdraw(held: HeldSpace, motion: MotionId): Promise<Result<Decision>> {
    return this.council(held)?.withdraw(motion) ?? NO_GROUP;
  }

  /** The stewards of a space as this device takes part in them; null where there is nobody to decide about. */
  council(held: HeldSpace): Council | null {
    const { record, space, group } = held;
    const known = this.#councils.get(record.id);
    if (known !== undefined) return known;
    if (group === null || record.archive !== undefined) return null;
    const { onDecided, profile, onChange } = this.#options;
    const isHere = (device: string) => this.#options.isHere(record.id, device);
    const council = new Council({
      ...this.#options,
      space,
      group,
      isHere,
      onDecided: (entry) => {
        onDecided(record.id, entry);
        void care.look();
      },
    });
    this.#councils.set(record.id, council);
    const care = new KeyCare({
      space,
      group,
      isHere,
      onChange,
      signer: () => profile().signer,
      person: () => personIn(profile()),
      propose: (keys) => this.propose(held, [], keys),
      isProposedFor: (device) => council.isProposed((entry) => rewraps(entry, device)),
    });
    this.#care.set(record.id, care);
    return council;
  }

  /** Complaints about keys in a space that nothing has answered. */
  complaints({ record }: HeldSpace): readonly SignedComplaint[] {
    return this.#care.get(record.id)?.open() ?? [];
  }

  /** The space is not held here any more. */
  closed({ record }: HeldSpace): void {
    this.#councils.get(record.id)?.close();
    this.#councils.delete(record.id);
    this.#care.get(record.id)?.close();
    this.#care.delete(record.id);
  }

  async #begin(held: HeldSpace, admit: Policy['admit']): Promise<Result<Decision>> {
    const own = await ownEnrolment(this.#options.profile());
    const policy: Policy = { admit, history: 'full', promotion: 0 };
    const begun = await this.propose(held, [
      { kind: 'add_device', device: own },
      { kind: 'policy', policy },
    ]);
    // A start that was cut short may have voted for it: then it stood before it was asked for again.
    const device = toHex(this.#options.profile().signer.publicKey);
    const isIn = held.group?.log.tip().devices.has(device) === true;
    return !begun.ok && isIn ? DECIDED : begun;
  }

  #decides({ log }: SpaceGroup, takenOut: readonly string[]): boolean {
    const state = log.tip();
    const voter = state.persons.get(personIn(this.#options.profile()))?.voter ?? null;
    const device = toHex(this.#options.profile().signer.publicKey);
    const votes = voter === null || voter === device || takenOut.includes(voter);
    return quorumOf(state) === 1 && votes && !state.gone.has(device);
  }
}

/** Devices, hex, that acts take out. */
function revokedIn(acts: readonly Act[]): string[] {
  return acts.flatMap((act) => (act.kind === 'revoke_device' ? [toHex(act.frontier.device)] : []));
}

const DECIDED = ok<Decision>({ kind: 'decided' });

const NO_GROUP = fail(
  'not_found',
  'There is nobody to decide about in this space.',
  'Choose a shared space.',
);

const NOT_A_STEWARD = fail(
  'permission_denied',
  'Only stewards decide who is in this space and what they may do.',
  'Ask a steward of the space.',
);
