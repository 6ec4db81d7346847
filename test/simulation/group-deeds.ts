// What a villain does against the rules of the group: it writes what its role forbids or where it is no longer in, names
// heads that it may not, and decides what is not for it to decide.
import { controlHash, voteMessage, draftMessage } from '../../lib/group/statements.ts';
import { readLogEntry } from '../../lib/group/control-logs.ts';
import type { ControlLog } from '../../lib/group/control-log.ts';
import type { ControlState } from '../../lib/group/control-state.ts';
import { keyOfDid } from '../../lib/identity/did-key.ts';
import type { EntryPlace } from '../../lib/log/seal.ts';
import type { Act } from '../../lib/wire/control-act.ts';
import { encodeCertified, encodeControlEntry } from '../../lib/wire/control.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { boardChange, event, ownChange, type Deed } from './deeds.ts';
import type { World } from './scene.ts';
import type { Villain } from './villain.ts';

export const GROUP_DEEDS: readonly Deed[] = [
  {
    name: 'renames the space, whatever its role',
    weight: 2,
    run: (villain, world) => villain.write(boardChange(villain, world)),
  },
  {
    name: 'goes back to an older state of the group',
    weight: 3,
    run: (villain, world) => {
      const state = world.random.pick(pastOf(villain));
      return villain.writeAt(placeIn(villain, state), ownChange(villain, world));
    },
  },
  {
    name: 'writes under an old key',
    weight: 2,
    run: (villain, world) => {
      const epoch = world.random.pick([...(villain.group?.keys.secrets().keys() ?? [0])]);
      return villain.writeAt({ epoch }, event(world));
    },
  },
  {
    name: 'names a state of the group that nobody knows',
    weight: 1,
    run: (villain, world) =>
      villain.writeAt({ control: world.random.bytes(32) }, ownChange(villain, world)),
  },
  {
    name: 'decides by itself',
    weight: 2,
    run: async (villain, world) => {
      const decided = await decidedAlone(villain, world);
      const entry = readLogEntry(decided);
      if (entry?.ok === true) villain.push([entry.value]);
    },
  },
];

/** Where an honest entry would have stood when the group was in a state. */
function placeIn(villain: Villain, state: ControlState): Partial<EntryPlace> {
  const held = [...(villain.group?.keys.secrets().keys() ?? [])];
  const running = state.epochs.length - 1;
  return { control: state.head, epoch: held.includes(running) ? running : Math.max(...held) };
}

/** Every state of the group that the villain has heard of. */
function pastOf({ group }: Villain): ControlState[] {
  const past: ControlState[] = [];
  if (group === null) return past;
  let state: ControlState | null = group.log.tip();
  while (state !== null) {
    past.push(state);
    state = below(group.log, state);
  }
  return past;
}

function below(log: ControlLog, { head }: ControlState): ControlState | null {
  const prev = log.controlAt(head)?.entry.prev;
  return prev === undefined ? null : log.stateAt(prev);
}

/** A decision with nobody's vote but its own: it makes itself a steward, or puts another out. */
async function decidedAlone(villain: Villain, world: World): Promise<Uint8Array> {
  const { signer, profile, group } = villain;
  const own = unwrap(keyOfDid(profile.person));
  const tip = group?.log.tip();
  if (tip === undefined) return new Uint8Array();
  const { space, height, head: prev } = tip;
  const policy = { admit: 'by_invite', history: 'full', promotion: 0 } as const;
  const act: Act = world.random.chance(0.5)
    ? { kind: 'role', person: own, role: 'steward' }
    : { kind: 'policy', policy };
  const place = { space, height: height + 1, prev, at: 1, proposer: signer.publicKey };
  const entryBytes = unwrap(encodeControlEntry({ ...place, acts: [act], epoch: null }));
  const hash = controlHash(entryBytes);
  const { certificate } = profile;
  const drafted = { certificate, signature: await signer.sign(draftMessage(hash)) };
  const vote = { certificate, signature: await signer.sign(voteMessage(hash, 0)) };
  return encodeCertified({ entryBytes, drafted, ballot: 0, votes: [vote], pledges: [] });
}
