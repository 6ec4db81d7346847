// How this node shows and checks membership of its spaces and lobbies on a channel.
import { currentEpoch } from '../group/control-state.ts';
import { deriveAccessSigner } from '../group/epoch-keys.ts';
import type { Signer } from '../identity/signer.ts';
import type { SpaceDoor } from '../sync/space-door.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, ok } from '../wire/failure.ts';
import { decodeGenesis } from '../wire/space-genesis.ts';
import type { HeldSpace } from './held-space.ts';

/** What the door needs of a space. */
type Held = Pick<HeldSpace, 'keys' | 'group'> & {
  readonly record: Pick<HeldSpace['record'], 'id' | 'genesis' | 'passes'>;
};

export function createDoor(held: () => readonly Held[]): SpaceDoor {
  const find = (id: Uint8Array) => held().find(({ record }) => record.id === toHex(id));
  return {
    ticket: async (id) => {
      const space = find(id);
      if (space === undefined) return null;
      const access = await accessOf(space);
      // Without the key of the running epoch one may still be known to be a member.
      const sign = async (message: Uint8Array) => access?.sign(message) ?? new Uint8Array(64);
      return { genesis: space.record.genesis, sign };
    },
    accessKey: async (id) => {
      const space = find(id);
      if (space === undefined) return NOT_HERE;
      if (space.group !== null) return ok(currentEpoch(space.group.log.tip()).access);
      const genesis = decodeGenesis(space.record.genesis);
      return genesis.ok ? ok(genesis.value.access) : genesis;
    },
    standing: async (id, device) => {
      const state = find(id)?.group?.log.tip();
      if (state === undefined) return 'unknown';
      if (state.devices.has(toHex(device))) return 'member';
      return state.gone.has(toHex(device)) ? 'gone' : 'unknown';
    },
  };
}

/** By what the control log has brought, or by what another device handed on where that reaches further. */
async function accessOf({ keys, record }: Held): Promise<Signer | null> {
  const pass = record.passes.at(-1);
  if (pass !== undefined && pass.epoch > keys.current()) {
    return deriveAccessSigner(pass.secret, pass.epoch);
  }
  const access = await keys.accessSigner(keys.current());
  return access.ok ? access.value : null;
}

const NOT_HERE = fail(
  'not_found',
  'This browser is not in that space.',
  'Open an invite link to the space, or choose another one in the side panel.',
);
