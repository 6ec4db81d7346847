// A node's spaces and all that decides about them, in Node.js over memory: what `openGroups` makes, without a network.
import { openGroups, type Groups } from '../../lib/node/groups.ts';
import { createProfile, type Profile } from '../../lib/node/profile.ts';
import type { HeldSpace } from '../../lib/node/held-space.ts';
import { createMemoryEntryStore, createMemoryRecordStore } from '../../lib/store/memory-store.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { createDocuments } from './spaces.ts';

export interface GroupNode extends Groups {
  readonly profile: () => Profile;
  readonly now: () => number;
  readonly settings: { readonly relay: () => string };
  /** A space of one's own. */
  makeSpace(name: string): Promise<HeldSpace>;
}

export const RELAY = 'http://127.0.0.1:1';

export async function createGroupNode(
  name: string,
  now: () => number = Date.now,
): Promise<GroupNode> {
  const records = createMemoryRecordStore();
  const made = unwrap(await createProfile(records, name, now()));
  const profile = () => made;
  const silent = { spaceAdded: async () => {}, spaceRemoved: () => {} };
  const store = { entries: createMemoryEntryStore(), records };
  const documents = createDocuments();
  const network = () => silent;
  const parts = { store, documents, profile, label: 'Node', now, network };
  const groups = openGroups({ ...parts, moved: () => {} });
  unwrap(await groups.spaces.load());
  const { spaces, stewardship } = groups;
  return {
    ...groups,
    profile,
    now,
    settings: { relay: () => RELAY },
    makeSpace: async (title) => unwrap(await spaces.create(title, RELAY, stewardship.begin)),
  };
}
