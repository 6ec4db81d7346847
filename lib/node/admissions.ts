// Between lobbies and spaces: a steward's node lets newcomers in, a newcomer's node goes in when it has been let in.
import type { ControlLogs } from '../group/control-logs.ts';
import { roleOf } from '../group/control-state.ts';
import { readCertificate } from '../identity/certificate.ts';
import type { Replica } from '../log/replica.ts';
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import type { ControlEntry } from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import type { ReadInvite } from './invites.ts';
import type { Lobbies } from './lobbies.ts';
import type { LobbyKeeper } from './lobby-keeper.ts';
import { DECLINED, waitingWords, type VisitedLobby } from './lobby-record.ts';
import { LOBBY, lobbyIn, lobbyWords, type JoinRequest, type LobbyKey } from './lobby-words.ts';
import type { Network } from './network.ts';
import type { Profile } from './profile.ts';
import type { Spaces } from './spaces.ts';
import type { Stewardship } from './stewardship.ts';

export interface AdmissionsOptions {
  readonly spaces: Spaces;
  readonly stewardship: Stewardship;
  readonly controlLogs: ControlLogs;
  readonly replica: Replica;
  readonly profile: () => Profile;
  readonly network: () => Pick<Network, 'spaceAdded' | 'spaceRemoved'>;
  readonly changed: () => void;
}

/** Where someone stands who has asked to join. */
export interface Joining {
  readonly spaceId: string;
  /** A sentence; null when they are in. */
  readonly waitingFor: string | null;
}

/** How long someone who joins is kept waiting before they may go on with something else. */
const PATIENCE_MS = 12_000;
const WHOLE_LOG = 10_000;

export class Admissions implements LobbyKeeper {
  readonly #options: AdmissionsOptions;
  readonly #arrivals = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: AdmissionsOptions) {
    this.#options = options;
  }

  /** Asks to join; settles when this node is in, or after a while in any case. */
  async join(lobbies: Lobbies, invite: ReadInvite): Promise<Result<Joining>> {
    const { spaceId } = invite;
    const { spaces, profile } = this.#options;
    const held = spaces.find(spaceId);
    const device = toHex(profile().signer.publicKey);
    if (held.ok && held.value.group?.log.tip().devices.has(device) === true) {
      const active = await spaces.setActive(spaceId);
      return active.ok ? ok({ spaceId, waitingFor: null }) : active;
    }
    const arrival = Promise.withResolvers<void>();
    this.#arrivals.set(spaceId, arrival);
    const visited = await lobbies.visit(invite);
    if (!visited.ok) return visited;
    this.#options.changed();
    const timer = setTimeout(arrival.resolve, PATIENCE_MS);
    const isDeclined = (): boolean =>
      lobbies.visited().some((lobby) => lobby.own.id === visited.value.own.id && lobby.isDeclined);
    if (!isDeclined()) await arrival.promise;
    clearTimeout(timer);
    this.#arrivals.delete(spaceId);
    if (spaces.find(spaceId).ok) return ok({ spaceId, waitingFor: null });
    return isDeclined()
      ? { ok: false, failure: DECLINED }
      : ok({ spaceId, waitingFor: waitingWords(visited.value) });
  }

  /** The way in that members may hand on; a steward opens it when there is none. Failure: `not_found`. */
  async lobbyOf(lobbies: Lobbies, held: HeldSpace, relay: string): Promise<Result<LobbyKey>> {
    const known = await publishedLobby(held);
    const device = toHex(this.#options.profile().signer.publicKey);
    // A browser that ended between closing one lobby and naming the next left a name that leads nowhere.
    const isLost = known?.by === device && !isAnswered(lobbies, known.lobby);
    if (known !== null && !isLost) return ok(known.lobby);
    return this.#options.stewardship.isSteward(held)
      ? this.#openLobby(lobbies, held, relay)
      : NO_LOBBY;
  }

  /**
   * The stewards have decided: whoever was let in hears of it. After someone was put out every link that they may hold
   * leads nowhere from now on; whoever proposed it opens another way in.
   */
  async decided(lobbies: Lobbies, spaceId: string, entry: ControlEntry): Promise<void> {
    await lobbies.lookAgain(spaceId);
    const held = this.#options.spaces.find(spaceId);
    if (!held.ok || !entry.acts.some(({ kind }) => kind === 'remove' || kind === 'leave')) return;
    await lobbies.close(spaceId, 'host');
    const { relay } = held.value.record;
    const isOwn = equalBytes(entry.proposer, this.#options.profile().signer.publicKey);
    if (isOwn && relay !== null) await this.#openLobby(lobbies, held.value, relay);
  }

  async admitsByInvite(spaceId: string, { enrolment }: JoinRequest): Promise<boolean> {
    const { spaces, stewardship } = this.#options;
    const held = spaces.find(spaceId);
    const state = held.ok ? held.value.group?.log.tip() : undefined;
    if (!held.ok || state === undefined || !stewardship.isSteward(held.value)) return false;
    const certificate = await readCertificate(enrolment.certificate);
    if (!certificate.ok) return false;
    const person = toHex(certificate.value.personKey);
    // One more device of someone who is in changes nothing of who is in.
    if (state.persons.has(person)) return true;
    // Whoever was put out before comes back only by a steward's own word.
    const wasPutOut = [...state.gone.values()].some((gone) => gone.person === person);
    return state.policy.admit === 'by_invite' && !wasPutOut;
  }

  async admit(
    spaceId: string,
    request: JoinRequest,
  ): Promise<Result<readonly Uint8Array[] | null>> {
    const { spaces, stewardship } = this.#options;
    const held = spaces.find(spaceId);
    if (!held.ok) return held;
    const certificate = await readCertificate(request.enrolment.certificate);
    if (!certificate.ok) return certificate;
    const { deviceKey, personKey } = certificate.value;
    if (toHex(deviceKey) !== request.device) return NOT_THEIRS;
    const newcomer = { person: toHex(personKey), device: request.device };
    const admitted = await stewardship.admit(held.value, request.enrolment, newcomer);
    if (!admitted.ok) return admitted;
    if (admitted.value.kind === 'waiting') return ok(null);
    return ok(held.value.group?.log.entriesFrom(1, WHOLE_LOG) ?? []);
  }

  isIn(spaceId: string, device: string): boolean {
    const held = this.#options.spaces.find(spaceId);
    return held.ok && held.value.group?.log.tip().devices.has(device) === true;
  }

  isGone(spaceId: string, device: string): boolean {
    const held = this.#options.spaces.find(spaceId);
    return held.ok && held.value.group?.log.tip().gone.has(device) === true;
  }

  async enter(visited: VisitedLobby, control: readonly Uint8Array[]): Promise<Result<boolean>> {
    const { controlLogs, replica, profile, spaces } = this.#options;
    const { spaceId, genesis, spaceName, inviterName, own } = visited;
    const { trouble } = await replica.accept(spaceId, control);
    if (trouble !== null) return { ok: false, failure: trouble };
    const log = await controlLogs.of(spaceId);
    const device = toHex(profile().signer.publicKey);
    if (log === null || !log.tip().devices.has(device)) return ok(false);
    const names = { name: spaceName, invitedBy: inviterName };
    const { relay, joinedAt } = own;
    const record = { id: spaceId, genesis, secret: null, passes: [], relay, joinedAt, ...names };
    const added = await spaces.add(record);
    if (!added.ok) return added;
    this.#arrivals.get(spaceId)?.resolve();
    return ok(true);
  }

  async #openLobby(lobbies: Lobbies, held: HeldSpace, relay: string): Promise<Result<LobbyKey>> {
    const hosted = await lobbies.host({ id: held.record.id, relay });
    if (!hosted.ok) return hosted;
    const { genesis, secret } = hosted.value.own;
    const said = await held.space.record(LOBBY, lobbyWords({ genesis, secret }));
    return said.ok ? ok({ genesis, secret }) : said;
  }

  onDeclined(spaceId: string): void {
    this.#arrivals.get(spaceId)?.resolve();
    this.#options.changed();
  }

  onAdded(...[lobby]: Parameters<LobbyKeeper['onAdded']>): void {
    void this.#options.network().spaceAdded(lobby);
  }

  onRemoved(...[lobby]: Parameters<LobbyKeeper['onRemoved']>): void {
    this.#options.network().spaceRemoved(lobby);
  }

  changed(): void {
    this.#options.changed();
  }
}

function isAnswered(lobbies: Lobbies, { genesis }: LobbyKey): boolean {
  return lobbies.list().some(({ record }) => equalBytes(record.genesis, genesis));
}

interface PublishedLobby {
  readonly lobby: LobbyKey;
  /** The device that named it, hex. */
  readonly by: string;
}

/** The newest lobby that a steward has named. */
async function publishedLobby({ space, group }: HeldSpace): Promise<PublishedLobby | null> {
  const state = group?.log.tip();
  const named = (await space.events()).findLast((entry) => {
    const author = fromHex(entry.author);
    const isSteward = state && author && roleOf(state, author) === 'steward';
    return isSteward && lobbyIn(entry) !== null;
  });
  const lobby = named === undefined ? null : lobbyIn(named);
  return named === undefined || lobby === null ? null : { lobby, by: named.author };
}

const NO_LOBBY = fail(
  'not_found',
  'Nobody can be invited to this space yet.',
  'Ask whoever made the space to open its panel once, then try again.',
);

const NOT_THEIRS = fail(
  'bad_signature',
  'Someone asked to join with a certificate that is not their own.',
  'They were not let in. Do not answer them.',
);
