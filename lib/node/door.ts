// How this node shows and checks membership of its shared spaces on a channel. The home space is behind no door.
import type { SpaceDoor } from '../sync/space-door.ts';
import { toHex } from '../wire/bytes.ts';
import { ok } from '../wire/failure.ts';
import { decodeGenesis } from '../wire/space-genesis.ts';
import type { Spaces } from './spaces.ts';

export function createDoor(spaces: Spaces): SpaceDoor {
  return {
    ticket: async (id) => {
      const held = spaces.find(toHex(id));
      if (!held.ok) return null;
      const { keys, record } = held.value;
      const access = await keys.accessSigner(keys.current());
      if (!access.ok) return null;
      return { genesis: record.genesis, sign: (message) => access.value.sign(message) };
    },
    accessKey: async (id) => {
      const held = spaces.find(toHex(id));
      if (!held.ok) return held;
      const genesis = decodeGenesis(held.value.record.genesis);
      return genesis.ok ? ok(genesis.value.access) : genesis;
    },
  };
}
