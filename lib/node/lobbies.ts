// Lobbies: where newcomers ask to be let in. A hosted lobby answers requests, a visited one waits for its answer.
import { singleEpochKeys } from '../group/epoch-keys.ts';
import { createMutex } from '../log/mutex.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { createSpace } from '../space/space.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { ReadInvite } from './invites.ts';
import {
  isAnswered,
  sayAdmitted,
  sayDeclined,
  visitedLobby,
  waitingRequest,
} from './lobby-answers.ts';
import type { LobbyKeeper, WaitingRequest } from './lobby-keeper.ts';
import type { HostedLobby, LobbyRecord, VisitedLobby } from './lobby-record.ts';
import {
  ASK,
  admissionIn,
  askWords,
  isDeclined,
  requestIn,
  type JoinRequest,
} from './lobby-words.ts';
import { ownEnrolment } from './own-enrolment.ts';
import { newSpaceRecord } from './space-record.ts';
import type { HeldSpace, SpacesOptions } from './held-space.ts';

interface OpenLobby {
  record: LobbyRecord;
  readonly held: HeldSpace;
}

const LOBBIES = 'lobbies';

export class Lobbies {
  readonly #options: SpacesOptions;
  readonly #keeper: LobbyKeeper;
  readonly #open = new Map<string, OpenLobby>();
  readonly #waiting = new Map<string, WaitingRequest>();
  readonly #inTurn = createMutex();
  readonly #listening = createMutex();

  constructor(options: SpacesOptions, keeper: LobbyKeeper) {
    this.#options = options;
    this.#keeper = keeper;
  }

  async load(): Promise<void> {
    // Only this file writes these records.
    for (const { value } of await this.#options.records.list(LOBBIES)) {
      this.#hold(value as LobbyRecord);
    }
  }

  /** The lobbies as spaces, for the network. */
  list(): readonly HeldSpace[] {
    return [...this.#open.values()].map(({ held }) => held);
  }

  /** Spaces that this person asked to join and is not in yet. */
  visited(): readonly VisitedLobby[] {
    return [...this.#open.values()].flatMap(({ record }) =>
      record.side === 'guest' ? [record] : [],
    );
  }

  /** The genesis of a space that this person asked to join. */
  genesisOf(spaceId: string): Uint8Array | null {
    return this.visited().find((lobby) => lobby.spaceId === spaceId)?.genesis ?? null;
  }

  /** Requests to join a space that wait for this person's word. */
  requests(spaceId: string): readonly WaitingRequest[] {
    return [...this.#waiting.values()].filter((request) => request.spaceId === spaceId);
  }

  /** The lobby of a space, opened when first asked for. */
  host(space: { readonly id: string; readonly relay: string }): Promise<Result<HostedLobby>> {
    return this.#inTurn(async () => {
      for (const { record } of this.#open.values()) {
        if (record.side === 'host' && record.spaceId === space.id) return ok(record);
      }
      const { profile, now } = this.#options;
      const creator = profile().person;
      const own = await newSpaceRecord({ creator, name: 'Lobby', relay: space.relay, now: now() });
      if (!own.ok) return own;
      const record: HostedLobby = { side: 'host', own: own.value, spaceId: space.id, declined: [] };
      await this.#keep(record);
      this.#hold(record);
      return ok(record);
    });
  }

  /** Goes into the lobby behind an invite and asks; what comes of it comes later. */
  visit(invite: ReadInvite): Promise<Result<VisitedLobby>> {
    return this.#inTurn(async () => {
      const { signer, name } = this.#options.profile();
      const record = visitedLobby(invite, signer.publicKey, this.#options.now());
      await this.#keep(record);
      const { space } = this.#open.get(record.own.id)?.held ?? this.#hold(record);
      const enrolment = await ownEnrolment(this.#options.profile());
      const asked = await space.record(ASK, askWords(enrolment, name));
      return asked.ok ? ok(record) : asked;
    });
  }

  /** The person's word on a request. Failure: `not_found`. */
  async decide(device: string, spaceId: string, allow: boolean): Promise<Result<null>> {
    const waiting = this.#waiting.get(`${spaceId}:${device}`);
    const lobby = this.#hostedFor(spaceId);
    if (waiting === undefined || lobby === undefined) return NOBODY_ASKS;
    const answered = allow ? await this.#admit(lobby, waiting) : await this.#decline(lobby, device);
    if (answered.ok && answered.value !== 'waiting') this.#waiting.delete(`${spaceId}:${device}`);
    this.#keeper.changed();
    return answered.ok ? ok(null) : answered;
  }

  /** The group of a space has changed: whoever waited and is in now gets the answer. */
  lookAgain(spaceId: string): Promise<void> {
    return this.#listening(async () => {
      const lobby = this.#hostedFor(spaceId);
      for (const waiting of this.requests(spaceId)) {
        if (lobby === undefined || !this.#keeper.isIn(spaceId, waiting.device)) continue;
        const admitted = await this.#admit(lobby, waiting);
        if (admitted.ok) this.#waiting.delete(`${spaceId}:${waiting.device}`);
      }
    });
  }

  /** Closes the lobbies of a space that this browser leaves or has joined; or its own, so that links to it lead nowhere. */
  async close(spaceId: string, side?: LobbyRecord['side']): Promise<void> {
    for (const lobby of this.#open.values()) {
      const { record } = lobby;
      const isMeant = side === undefined || side === record.side;
      if (isMeant && record.spaceId === spaceId) await this.#close(lobby);
    }
  }

  async #close({ held }: OpenLobby): Promise<void> {
    const { id } = held.record;
    this.#open.delete(id);
    held.space.close();
    this.#keeper.onRemoved(held);
    await this.#options.records.remove(LOBBIES, id);
  }

  #hostedFor(spaceId: string): OpenLobby | undefined {
    return [...this.#open.values()].find(
      ({ record }) => record.side === 'host' && record.spaceId === spaceId,
    );
  }

  #hold(record: LobbyRecord): HeldSpace {
    const { own } = record;
    const { replica, documents, now, profile } = this.#options;
    const keys = singleEpochKeys(own.secret);
    const { signer } = profile();
    const bytes = fromHex(own.id) ?? new Uint8Array(32);
    const parts = { keys, control: null, signer, replica, documents, now };
    const held: HeldSpace = {
      record: own,
      keys,
      group: null,
      space: createSpace({ space: bytes, ...parts }),
    };
    const lobby: OpenLobby = { record, held };
    this.#open.set(own.id, lobby);
    held.space.onEntries((entries) => void this.#heard(lobby, entries));
    void held.space.events().then((entries) => this.#heard(lobby, entries));
    this.#keeper.onAdded(held);
    return held;
  }

  /** One thing at a time: what was read at the start and what came meanwhile may be the same. */
  #heard(lobby: OpenLobby, entries: readonly OpenedEntry[]): Promise<void> {
    return this.#listening(() => this.#answerAll(lobby, entries));
  }

  async #answerAll(lobby: OpenLobby, entries: readonly OpenedEntry[]): Promise<void> {
    if (lobby.record.side === 'host') {
      const requests = entries.flatMap((entry) => requestIn(entry) ?? []);
      for (const request of requests) await this.#consider(lobby, request);
    } else {
      for (const entry of entries) await this.#answered(lobby, lobby.record, entry);
    }
  }

  async #consider(lobby: OpenLobby, request: JoinRequest): Promise<void> {
    const { record } = lobby;
    if (record.side !== 'host' || record.declined.includes(request.device)) return;
    if (request.device === toHex(this.#options.profile().signer.publicKey)) return;
    if (await isAnswered(lobby.held, request)) return;
    if (this.#keeper.isGone(record.spaceId, request.device))
      return void (await this.#decline(lobby, request.device));
    if (await this.#keeper.admitsByInvite(record.spaceId, request)) {
      if ((await this.#admit(lobby, request)).ok) return;
    }
    this.#wait(lobby, request, false);
    this.#keeper.changed();
  }

  #wait({ record }: OpenLobby, request: JoinRequest, isProposed: boolean): void {
    const waiting = waitingRequest(record, request, isProposed);
    this.#waiting.set(`${record.spaceId}:${request.device}`, waiting);
  }

  async #admit(lobby: OpenLobby, request: JoinRequest): Promise<Result<'in' | 'waiting'>> {
    const control = await this.#keeper.admit(lobby.record.spaceId, request);
    if (!control.ok) return control;
    if (control.value === null) {
      this.#wait(lobby, request, true);
      return ok('waiting');
    }
    const said = await sayAdmitted(lobby.held, request.device, control.value);
    return said.ok ? ok('in') : said;
  }

  async #decline(lobby: OpenLobby, device: string): Promise<Result<null>> {
    if (lobby.record.side !== 'host') return NOBODY_ASKS;
    lobby.record = { ...lobby.record, declined: [...lobby.record.declined, device] };
    await this.#keep(lobby.record);
    return sayDeclined(lobby.held, device);
  }

  async #answered(lobby: OpenLobby, record: VisitedLobby, entry: OpenedEntry): Promise<void> {
    const own = this.#options.profile().signer.publicKey;
    if (isDeclined(entry, own)) {
      lobby.record = { ...record, isDeclined: true };
      await this.#keep(lobby.record);
      this.#keeper.onDeclined(record.spaceId);
    }
    const control = admissionIn(entry, own);
    if (control === null) return;
    const entered = await this.#keeper.enter(record, control);
    if (entered.ok && entered.value) await this.close(record.spaceId);
    this.#keeper.changed();
  }

  #keep(record: LobbyRecord): Promise<void> {
    return this.#options.records.put(LOBBIES, record.own.id, record);
  }
}

const NOBODY_ASKS = fail(
  'not_found',
  'Nobody waits for this answer any more.',
  'Look at the list of people again.',
);
