// Hands presence on to everyone else who has the same space open. Nothing of it is stored.
import type { Session } from '../lib/sync/session-contract.ts';

export interface PresenceHub {
  join(space: string, session: Session): void;
  leave(session: Session): void;
  /** To how many it was handed on. */
  say(space: string, from: Session, sealed: Uint8Array): number;
  /** Spaces that someone has open. */
  spaces(): IterableIterator<string>;
}

export function createPresenceHub(): PresenceHub {
  const rooms = new Map<string, Set<Session>>();
  const joined = new Map<Session, Set<string>>();

  function part(space: string, session: Session): void {
    const room = rooms.get(space);
    room?.delete(session);
    if (room?.size === 0) rooms.delete(space);
    joined.get(session)?.delete(space);
  }

  return {
    join: (space, session) => {
      setIn(rooms, space).add(session);
      setIn(joined, session).add(space);
    },
    leave: (session) => {
      for (const space of joined.get(session) ?? []) part(space, session);
      joined.delete(session);
    },
    say: (space, from, sealed) => {
      let reached = 0;
      for (const session of rooms.get(space) ?? []) {
        if (session === from) continue;
        if (session.isOpen(space)) {
          session.sendPresence(space, sealed);
          reached += 1;
        } else part(space, session);
      }
      return reached;
    },
    spaces: () => rooms.keys(),
  };
}

function setIn<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  const set = sets.get(key) ?? new Set<V>();
  sets.set(key, set);
  return set;
}
