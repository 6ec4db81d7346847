// The spaces of this browser: which there are, opened or made or joined, and which one the person looks at.
import { createMutex } from '../log/mutex.ts';
import { BOARD_ID } from '../space/document-ids.ts';
import { ANNOUNCE, announcement } from '../space/members.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { dropSpaceSnapshots } from '../space/snapshot/space-snapshot.ts';
import type { Space } from '../space/space.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { KeyScheme } from '../wire/space-genesis.ts';
import type { HeldSpace, HomeSpace, SpacesEvents } from './held-space.ts';
import { keepHomeRecord, readHomeRecord } from './home-record.ts';
import { openHome, openSpace, type OwnSpacesOptions } from './open-space.ts';
import { newSpaceRecord, type SpaceRecord } from './space-record.ts';

const SPACES = 'spaces';
const SETTINGS = 'settings';
const ACTIVE = 'active-space';

export class Spaces {
  readonly #options: OwnSpacesOptions;
  readonly #listeners: SpacesEvents[] = [];
  readonly #held = new Map<string, HeldSpace>();
  readonly #inTurn = createMutex();
  #home: HomeSpace | null = null;
  #active: string | null = null;

  constructor(options: OwnSpacesOptions) {
    this.#options = options;
  }

  /** Adds someone who hears of spaces; before `load`, so that nothing is missed. */
  listen(events: SpacesEvents): void {
    this.#listeners.push(events);
  }

  /** Opens what storage knows; makes the home space on the first start. */
  async load(): Promise<Result<void>> {
    const { records } = this.#options;
    const home = await openHome(this.#options);
    if (!home.ok) return home;
    this.#home = home.value;
    for (const each of this.#listeners)
      if (home.value.record.relay !== null) each.onAdded(home.value);
    const active = await records.get(SETTINGS, ACTIVE);
    // Only this file writes these records.
    for (const { value } of await records.list(SPACES)) await this.#hold(value as SpaceRecord);
    this.#active = typeof active === 'string' && this.#held.has(active) ? active : null;
    this.#active ??= this.list()[0]?.record.id ?? null;
    return ok(undefined);
  }

  /** The private space of this person's own devices: grants, receipts, which spaces there are. */
  home(): HomeSpace {
    if (this.#home === null) throw new Error('the home space is read before it was loaded');
    return this.#home;
  }

  /** The shared spaces, oldest first. */
  list(): readonly HeldSpace[] {
    return [...this.#held.values()].toSorted((a, b) => a.record.joinedAt - b.record.joinedAt);
  }

  /** All that meet at a relay, the home space too once there is another device to meet. */
  meeting(): readonly HeldSpace[] {
    const shared = this.list().filter(({ record }) => record.archive === undefined);
    return this.#home === null || this.#home.record.relay === null
      ? shared
      : [...shared, this.#home];
  }

  active(): HeldSpace | null {
    return this.#active === null ? null : (this.#held.get(this.#active) ?? null);
  }

  /** Failure: `not_found`. */
  find(id: string): Result<HeldSpace> {
    const held = this.#held.get(id);
    if (held !== undefined) return ok(held);
    return fail(
      'not_found',
      'This browser is not in that space.',
      'Open an invite link to the space, or choose another one in the side panel.',
    );
  }

  /** Also of a space that is stored and not opened yet. */
  async genesisOf(id: string): Promise<Uint8Array | null> {
    const { records } = this.#options;
    const record = (await records.get(SPACES, id)) as SpaceRecord | undefined;
    if (record !== undefined) return record.genesis;
    const home = await readHomeRecord(records);
    return home?.id === id ? home.genesis : null;
  }

  async setActive(id: string): Promise<Result<null>> {
    const held = this.find(id);
    if (!held.ok) return held;
    await this.#options.records.put(SETTINGS, ACTIVE, id);
    this.#active = id;
    return ok(null);
  }

  /** A space whose group consists of this device and decides by `begin`. */
  async create(
    name: string,
    relay: string,
    begin: (held: HeldSpace) => Promise<Result<unknown>>,
    keys: KeyScheme = 'wrap',
  ): Promise<Result<HeldSpace>> {
    const { now, profile } = this.#options;
    const creator = profile().person;
    const record = await newSpaceRecord({ creator, name, relay, now: now(), keys });
    if (!record.ok) return record;
    const held = await this.add(record.value, begin);
    if (!held.ok) return held;
    const named = await setName(held.value.space, name);
    return named.ok ? held : named;
  }

  /** Adds a space in which this device is, or is put by `begin`, and says this person's name in it. */
  add(
    record: SpaceRecord,
    begin: (held: HeldSpace) => Promise<Result<unknown>> = async () => ok(null),
  ): Promise<Result<HeldSpace>> {
    return this.#inTurn(async () => {
      const known = this.#unlessArchive(record.id);
      if (known === undefined) await this.#options.records.put(SPACES, record.id, record);
      const held = known ?? (await this.#hold(record));
      const begun = await begin(held);
      if (!begun.ok) return begun;
      const announced = await this.announce(held);
      if (!announced.ok) return announced;
      await this.setActive(record.id);
      return ok(held);
    });
  }

  /** Holds a space that another device of this person is in: this one reads along and waits to be let in. */
  hold(record: SpaceRecord): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#unlessArchive(record.id) !== undefined) return;
      await this.#options.records.put(SPACES, record.id, record);
      await this.#hold(record);
      if (this.#active === null) await this.setActive(record.id);
    });
  }

  /** Changes what is kept of a space, the home space too, and gives it as it is then. */
  async amend(
    id: string,
    changes: Partial<Pick<SpaceRecord, 'name' | 'relay' | 'passes'>>,
  ): Promise<HeldSpace | null> {
    const { records } = this.#options;
    if (id === this.#home?.record.id) {
      this.#home = { ...this.#home, record: { ...this.#home.record, ...changes } };
      await keepHomeRecord(records, this.#home.record);
      return this.#home;
    }
    const held = this.#held.get(id);
    if (held === undefined) return null;
    const amended = { ...held, record: { ...held.record, ...changes } };
    this.#held.set(id, amended);
    await records.put(SPACES, id, amended.record);
    return amended;
  }

  /**
   * Forgets a space here: its key goes, so nothing of it can be read any more. Others keep theirs. The sealed log stays,
   * because whoever comes back must go on where their own log ended; a second beginning would be a fork.
   */
  leave(id: string): Promise<Result<null>> {
    return this.#inTurn(async () => {
      const found = this.find(id);
      if (!found.ok) return found;
      this.#held.delete(id);
      found.value.space.close();
      for (const each of this.#listeners) each.onRemoved(found.value);
      await this.#options.records.remove(SPACES, id);
      await dropSpaceSnapshots(this.#options.records, id);
      if (this.#active === id) this.#active = this.list()[0]?.record.id ?? null;
      return ok(null);
    });
  }

  /** Renames a space for everyone in it. */
  async rename(id: string, name: string): Promise<Result<null>> {
    const held = this.find(id);
    if (!held.ok) return held;
    const named = await setName(held.value.space, name);
    return named.ok ? ok(null) : named;
  }

  /** The board says what the space is called: keeps it beside the record, for lists. True if that is new. */
  async named(id: string, name: string): Promise<boolean> {
    const held = this.#held.get(id);
    if (held === undefined || held.record.name === name) return false;
    await this.amend(id, { name });
    return true;
  }

  /** The spaces that met at one relay meet at another from now on. */
  async moveToRelay(from: string, to: string): Promise<void> {
    for (const { record } of this.meeting()) {
      if (record.relay === from) await this.amend(record.id, { relay: to });
    }
  }

  /** Says this person's name in every shared space again, after it changed. */
  async announceAgain(): Promise<Result<null>> {
    for (const held of this.#held.values()) {
      if (held.record.archive !== undefined) continue;
      const announced = await this.announce(held);
      if (!announced.ok) return announced;
    }
    return ok(null);
  }

  /** Says in a space whose device this is. */
  announce({ space }: HeldSpace): Promise<Result<OpenedEntry>> {
    const { certificate, name } = this.#options.profile();
    return space.record(ANNOUNCE, announcement(certificate, name));
  }

  /** What is held of a space already. An archive of it gives way to the space itself, or to a newer one. */
  #unlessArchive(id: string): HeldSpace | undefined {
    const held = this.#held.get(id);
    if (held?.record.archive === undefined) return held;
    held.space.close();
    this.#held.delete(id);
    for (const each of this.#listeners) each.onRemoved(held);
    return undefined;
  }

  async #hold(record: SpaceRecord): Promise<HeldSpace> {
    const held = await openSpace(this.#options, record);
    this.#held.set(record.id, held);
    held.space.onEntries((entries) => {
      const newest = this.#held.get(record.id) ?? held;
      for (const each of this.#listeners) each.onEntries(newest, entries);
    });
    for (const each of this.#listeners) each.onAdded(held);
    return held;
  }
}

function setName(space: Space, name: string): Promise<Result<unknown>> {
  return space.change({ document: BOARD_ID, verb: 'setName', args: { name } });
}
