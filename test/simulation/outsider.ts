// Someone who knows the name of the space but is not in it: nobody may tell it anything, or listen to it.
import { singleEpochKeys } from '../../lib/group/epoch-keys.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { createReplica } from '../../lib/log/replica.ts';
import { sealEntry, type Entry } from '../../lib/log/seal.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import { createSession } from '../../lib/sync/session.ts';
import { ok, unwrap } from '../../lib/wire/failure.ts';
import { decodeGenesis } from '../../lib/wire/space-genesis.ts';
import type { Club } from './club.ts';
import type { Party } from './network.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

export async function createOutsider({ random, club, watch }: Scene): Promise<Party> {
  const signer = await signerOfSeed(random.bytes(32));
  const other = await signerOfSeed(random.bytes(32));
  const replica = createReplica(createMemoryEntryStore());
  await replica.append(club.id, await ownEntry(signer, club, random));
  replica.subscribe(() => watch.report('nobody outside hears anything', 'an entry got out'));
  return {
    name: 'outsider',
    isHonest: false,
    isUp: () => true,
    meet: (channel) => {
      const session = createSession({
        channel,
        signer,
        role: random.chance(0.5) ? 'node' : 'relay',
        replica,
        door: {
          ticket: async () => ({ genesis: club.genesis, sign: (message) => other.sign(message) }),
          accessKey: async () => ok(unwrap(decodeGenesis(club.genesis)).access),
        },
        events: {},
      });
      void session.open(club.bytes);
    },
  };
}

/** Well formed and well signed, by nobody that anyone knows. */
async function ownEntry(signer: Signer, { bytes }: Club, random: Random): Promise<Entry> {
  const key = unwrap(await singleEpochKeys(random.bytes(32)).authorKey(0, signer.publicKey));
  const body = { kind: 'event', at: 0, agent: null, event: 'note', payload: 'let me in' } as const;
  const segment = random.bytes(16);
  const place = {
    space: bytes,
    segment,
    seq: 1,
    prev: null,
    control: bytes,
    seen: bytes,
    epoch: 0,
  };
  return unwrap(await sealEntry(body, place, key, signer));
}
