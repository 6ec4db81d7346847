// Which tab is in whose hands. Agents know tabs by handles (t1, t2, …) that mean nothing outside their own
// lease; the list outlives the node's process but not the browser's, as the tabs themselves do.
import { z } from 'zod';
import type { SessionStore } from '../authority/session-store.ts';

export const MAX_TABS_PER_AGENT = 12;

const lease = z.object({
  handle: z.string().regex(/^t[1-9]\d{0,8}$/),
  agent: z.string().max(200),
  tabId: z.int(),
  /** The document whose refs the agent saw last; refs count anew in every document. */
  documentId: z.string().max(64).nullable(),
});

const stored = z.object({ next: z.int().min(1), leases: z.array(lease).max(1_000) });

export type Lease = Readonly<z.infer<typeof lease>>;

export interface Leases {
  add(agent: string, tabId: number): Promise<Lease>;
  /** Null also for a handle that another agent holds. */
  find(agent: string, handle: string): Lease | null;
  of(agent: string): readonly Lease[];
  saw(handle: string, documentId: string): Promise<void>;
  forget(handle: string): Promise<void>;
  /** The browser gave a tab another id. */
  replaced(oldTabId: number, newTabId: number): Promise<void>;
  release(agent: string): Promise<void>;
}

const KEY = 'leases';

export async function createLeases(session: SessionStore): Promise<Leases> {
  const before = stored.safeParse(await session.get(KEY));
  const held = new Map<string, Lease>();
  let next = before.success ? before.data.next : 1;
  for (const one of before.data?.leases ?? []) held.set(one.handle, one);
  const keep = () => session.set(KEY, { next, leases: [...held.values()] });
  const of = (agent: string) => [...held.values()].filter((one) => one.agent === agent);

  return {
    of,
    find(agent, handle) {
      const found = held.get(handle);
      return found?.agent === agent ? found : null;
    },
    async add(agent, tabId) {
      const made = { handle: `t${next}`, agent, tabId, documentId: null };
      next += 1;
      held.set(made.handle, made);
      await keep();
      return made;
    },
    async saw(handle, documentId) {
      const found = held.get(handle);
      if (found === undefined || found.documentId === documentId) return;
      held.set(handle, { ...found, documentId });
      await keep();
    },
    async forget(handle) {
      if (held.delete(handle)) await keep();
    },
    async replaced(oldTabId, newTabId) {
      const found = [...held.values()].find(({ tabId }) => tabId === oldTabId);
      if (found === undefined) return;
      held.set(found.handle, { ...found, tabId: newTabId });
      await keep();
    },
    async release(agent) {
      for (const one of of(agent)) held.delete(one.handle);
      await keep();
    },
  };
}
