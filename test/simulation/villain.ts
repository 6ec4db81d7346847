// A member with keys and bad intentions: it speaks the protocol, and puts into it what it likes.
import type { EpochKeys } from '../../lib/group/epoch-keys.ts';
import { createControlLogs, type ControlLogs } from '../../lib/group/control-logs.ts';
import type { Signer } from '../../lib/identity/signer.ts';
import { digestOfHeads } from '../../lib/log/chain.ts';
import type { LogEntry } from '../../lib/log/log-entry.ts';
import { createReplica, type Replica, type ReplicaListener } from '../../lib/log/replica.ts';
import { sealEntry, type Entry, type EntryPlace } from '../../lib/log/seal.ts';
import { createDoor } from '../../lib/node/door.ts';
import type { Profile } from '../../lib/node/profile.ts';
import { openGroup, type SpaceGroup } from '../../lib/node/space-group.ts';
import { createMemoryEntryStore, createMemoryRecordStore } from '../../lib/store/memory-store.ts';
import type { SpaceDoor } from '../../lib/sync/space-door.ts';
import { createSession } from '../../lib/sync/session.ts';
import type { Channel } from '../../lib/transport/channel.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { EntryBody } from '../../lib/wire/entry-body.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { doorOf, keysOf } from './club.ts';
import { damaged } from './damage.ts';
import { createPerson } from './machine.ts';
import type { Party } from './network.ts';
import type { Scene } from './scene.ts';

/** What a villain shows to one other: one of its two histories. */
interface Face {
  readonly branch: 0 | 1;
  readonly listeners: Set<ReplicaListener>;
}

export class Villain implements Party {
  readonly isHonest = false;
  readonly name: string;
  readonly profile: Profile;
  readonly signer: Signer;
  readonly author: string;
  /** What others wrote. Its own entries are in its histories alone. */
  readonly replica: Replica;
  /** What the stewards decided, as far as it has heard; null in a club in which nobody decides. */
  group: SpaceGroup | null = null;
  readonly #controlLogs: ControlLogs;
  readonly #scene: Scene;
  readonly #segment: Uint8Array;
  readonly #histories: readonly [Entry[], Entry[]] = [[], []];
  readonly #faces = new Set<Face>();
  /** From here on its two histories differ. */
  isTwoFaced = false;
  isGarbling = false;

  constructor(scene: Scene, profile: Profile) {
    this.#scene = scene;
    this.name = profile.name;
    this.profile = profile;
    this.signer = profile.signer;
    this.author = toHex(this.signer.publicKey);
    const store = createMemoryEntryStore();
    const genesisOf = async () => scene.club.genesis;
    this.#controlLogs = createControlLogs({ store, genesisOf });
    this.replica = createReplica(store, this.#controlLogs.check);
    this.#segment = scene.random.bytes(16);
  }

  get keys(): EpochKeys {
    return this.group?.keys ?? keysOf(this.#scene.club);
  }

  /** Comes into a club that has a group, by the decision that let it in. */
  async enter(control: readonly Uint8Array[]): Promise<void> {
    const { id, genesis } = this.#scene.club;
    await this.replica.accept(id, control);
    const log = await this.#controlLogs.of(id);
    const told = { relay: null, name: '', joinedAt: 0, invitedBy: null, secret: null, passes: [] };
    const record = { id, genesis, ...told };
    const records = createMemoryRecordStore();
    const { profile } = this;
    this.group = log === null ? null : await openGroup({ record, log, profile, records });
    this.replica.subscribe((_, stored) => {
      const isMoved = stored.some(({ header }) => toHex(header.author) === id);
      if (isMoved) void this.group?.follow();
    });
  }

  isUp(): boolean {
    return true;
  }

  tamper(message: Uint8Array): Uint8Array {
    const { random } = this.#scene;
    return this.isGarbling && random.chance(0.1) ? damaged(message, random) : message.slice();
  }

  meet(channel: Channel): void {
    const { club, random } = this.#scene;
    const face: Face = { branch: random.chance(0.5) ? 0 : 1, listeners: new Set() };
    this.#faces.add(face);
    const session = createSession({
      channel,
      signer: this.signer,
      role: 'node',
      replica: this.#shown(face),
      door: this.#door(),
      events: { onClosed: () => this.#faces.delete(face) },
    });
    void session.open(club.bytes);
  }

  /** Adds an entry to its log, or one to each of its two logs, and pushes it. */
  write(...bodies: readonly [EntryBody, ...EntryBody[]]): Promise<void> {
    return this.writeAt({}, ...bodies);
  }

  /** The same with another control head, or in another epoch, than would be right. */
  async writeAt(
    place: Partial<Pick<EntryPlace, 'control' | 'epoch'>>,
    ...bodies: readonly [EntryBody, ...EntryBody[]]
  ): Promise<void> {
    for (const branch of [0, 1] as const) {
      const body = bodies[this.isTwoFaced ? branch % bodies.length : 0] ?? bodies[0];
      const entry = await this.seal(body, { ...this.place(branch), ...place });
      const { documents } = this.#scene.facts;
      if (body.kind === 'change') documents.set(toHex(entry.hash), body.document);
      if (this.isTwoFaced) {
        this.#histories[branch].push(entry);
        this.push([entry], branch);
      } else {
        for (const history of this.#histories) history.push(entry);
        return this.push([entry]);
      }
    }
  }

  /** Seals anything at any place; `author` is whom it pretends to be, with its own signature under it. */
  async seal(body: EntryBody, place: Partial<EntryPlace>, author?: Uint8Array): Promise<Entry> {
    const { club } = this.#scene;
    const signer = { ...this.signer, publicKey: author ?? this.signer.publicKey };
    const { epoch } = { ...this.standing(), ...place };
    const sealing = unwrap(await this.keys.authorKey(epoch, signer.publicKey));
    const whole = {
      space: club.bytes,
      segment: this.#segment,
      seq: 1,
      prev: null,
      seen: digestOfHeads([], this.signer.publicKey),
      ...this.standing(),
      ...place,
    };
    return unwrap(await sealEntry(body, whole, sealing, signer));
  }

  /** Sends entries to everyone who shows this face, asked for or not. */
  push(entries: readonly LogEntry[], branch?: 0 | 1): void {
    for (const face of this.#faces) {
      if (branch !== undefined && face.branch !== branch) continue;
      for (const listener of face.listeners) {
        listener(this.#scene.club.id, entries, [], { isOwnWriting: true, cutBack: [] });
      }
    }
  }

  /** What an entry names by right: the newest control head, and the newest epoch whose key it holds. */
  standing(): Pick<EntryPlace, 'control' | 'epoch'> {
    const epochs = this.group === null ? [0] : [...this.group.keys.secrets().keys()];
    const control = this.group?.log.tip().head ?? this.#scene.club.bytes;
    return { control, epoch: Math.max(...epochs) };
  }

  /** Where its next entry would stand. */
  place(branch: 0 | 1 = 0): Pick<EntryPlace, 'seq' | 'prev' | 'segment'> {
    const last = this.#histories[branch].at(-1);
    const seq = (last?.header.seq ?? 0) + 1;
    return { seq, prev: last?.hash ?? null, segment: this.#segment };
  }

  #door(): SpaceDoor {
    const { group } = this;
    const { club } = this.#scene;
    if (group === null) return doorOf(club, this.keys);
    return createDoor(() => [{ record: { ...club, passes: [] }, keys: group.keys, group }]);
  }

  #shown(face: Face): Replica {
    const real = this.replica;
    const own = () => this.#histories[face.branch];
    return {
      ...real,
      heads: async (space) => {
        const last = own().at(-1);
        const heads = new Map(await real.heads(space));
        if (last === undefined) return heads;
        const { seq, author } = last.header;
        return heads.set(this.author, { author, seq, hash: last.hash });
      },
      forkedAuthors: async () => new Map<string, number>(),
      forks: async () => [],
      read: async (space, author, from, limits) =>
        author === this.author
          ? own()
              .slice(from - 1, from - 1 + limits.maxEntries)
              .map((entry) => ({
                author,
                seq: entry.header.seq,
                prev: entry.header.prev,
                ...entry,
              }))
          : real.read(space, author, from, limits),
      subscribe: (listener) => {
        face.listeners.add(listener);
        const stop = real.subscribe(listener);
        return () => {
          face.listeners.delete(listener);
          return stop();
        };
      },
    };
  }
}

export async function createVillain(scene: Scene, name: string): Promise<Villain> {
  return new Villain(scene, await createPerson(scene, name));
}
