// A node's spaces and all that decides about them, in one process: the very assembly that a browser runs, over memory.
import { openGroups, type Groups } from '../../lib/node/groups.ts';
import type { HeldSpace } from '../../lib/node/held-space.ts';
import { ownEnrolment } from '../../lib/node/own-enrolment.ts';
import { createProfile, loadProfile, type Profile } from '../../lib/node/profile.ts';
import type { EntryStore } from '../../lib/store/entry-store.ts';
import { createMemoryEntryStore, createMemoryRecordStore } from '../../lib/store/memory-store.ts';
import type { RecordStore } from '../../lib/store/record-store.ts';
import { keyOfDid } from '../../lib/identity/did-key.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { Act } from '../../lib/wire/control-act.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import type { KeyScheme } from '../../lib/wire/space-genesis.ts';
import { carry } from './carry.ts';
import { createDocuments } from './spaces.ts';

export interface StewardNode extends Groups {
  readonly name: string;
  readonly profile: Profile;
  /** Key of the person, hex. */
  readonly person: string;
  readonly stores: { readonly entries: EntryStore; readonly records: RecordStore };
  /** This node's view of a space. */
  held(space: string): HeldSpace;
  /** Ends this run and starts another over what was stored. */
  restart(): Promise<StewardNode>;
}

export const RELAY = 'http://127.0.0.1:1';

export async function startStewardNode(
  name: string,
  stores: StewardNode['stores'] = {
    entries: createMemoryEntryStore(),
    records: createMemoryRecordStore(),
  },
): Promise<StewardNode> {
  const { records } = stores;
  const profile = (await loadProfile(records)) ?? unwrap(await createProfile(records, name, 1));
  const documents = createDocuments();
  const groups = openGroups({
    store: stores,
    documents,
    profile: () => profile,
    label: 'Node',
    now: Date.now,
    network: () => ({ spaceAdded: async () => {}, spaceRemoved: () => {} }),
    moved: () => {},
  });
  unwrap(await groups.spaces.load());
  await groups.lobbies.load();
  const held = (space: string): HeldSpace => unwrap(groups.spaces.find(space));
  return {
    ...groups,
    name,
    profile,
    person: toHex(unwrap(keyOfDid(profile.person))),
    stores,
    held,
    restart: async () => {
      for (const each of groups.spaces.list()) {
        groups.stewardship.closed(each);
        each.space.close();
      }
      return startStewardNode(name, stores);
    },
  };
}

/** A space of the first node's with all the others in it, the first `stewards` of them its stewards. Gives its id. */
export async function shareSpace(
  nodes: readonly StewardNode[],
  stewards: number,
  keys: KeyScheme = 'wrap',
): Promise<string> {
  const [founder, ...others] = nodes;
  if (founder === undefined) throw new Error('expected someone to make the space');
  const made = unwrap(
    await founder.spaces.create('Reading group', RELAY, founder.stewardship.begin, keys),
  );
  const { id } = made.record;
  for (const other of others) {
    const enrolment = await ownEnrolment(other.profile);
    const names = { person: other.person, device: toHex(other.profile.signer.publicKey) };
    unwrap(await founder.stewardship.admit(founder.held(id), enrolment, names));
    const control = founder.held(id).group?.log.entriesFrom(1, 1000) ?? [];
    const lobby = { name: 'Reading group', relay: RELAY, joinedAt: 2, invitedBy: founder.name };
    const record = { ...made.record, ...lobby, secret: null, passes: [] };
    await other.stores.records.put('spaces', id, record);
    await other.replica.accept(id, control);
    unwrap(await other.spaces.add(record));
  }
  // All in one decision: after the first of them the founder cannot decide alone.
  const promoted = others
    .slice(0, stewards - 1)
    .map(({ profile }) => unwrap(keyOfDid(profile.person)));
  if (promoted.length > 0) {
    const acts = promoted.map((person): Act => ({ kind: 'role', person, role: 'steward' }));
    unwrap(await founder.stewardship.propose(founder.held(id), acts));
  }
  await meet(nodes, id);
  return id;
}

/** Everyone gets everything that the others have, until nobody has anything new to say. */
export async function meet(nodes: readonly StewardNode[], space: string): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const before = await headsOf(nodes, space);
    for (const from of nodes) {
      for (const to of nodes) if (from !== to) await carry(from.replica, to.replica, space);
    }
    for (const node of nodes) {
      await node.held(space).space.events();
      await node.stewardship.council(node.held(space))?.look();
    }
    quiet = (await headsOf(nodes, space)) === before ? quiet + 1 : 0;
  }
}

async function headsOf(nodes: readonly StewardNode[], space: string): Promise<string> {
  const lines: string[] = [];
  for (const { name, replica } of nodes) {
    for (const [author, { seq }] of await replica.heads(space))
      lines.push(`${name}:${author}:${seq}`);
  }
  return lines.toSorted().join();
}
