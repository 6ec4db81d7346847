// What a villain does, one value each. Honest nodes must come through all of it equal and unharmed.
import { actorOfSegment } from '../../lib/log/chain.ts';
import type { Entry } from '../../lib/log/seal.ts';
import { readStoredEntry } from '../../lib/log/seal.ts';
import { BOARD_ID } from '../../lib/space/document-ids.ts';
import { LiveDocument } from '../../lib/space/documents/live-document.ts';
import { kindOfDocument } from '../../lib/space/documents/kinds.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { EntryBody } from '../../lib/wire/entry-body.ts';
import { annotation } from './annotation.ts';
import { damaged } from './damage.ts';
import type { Villain } from './villain.ts';
import type { World } from './scene.ts';

export interface Deed {
  readonly name: string;
  readonly weight: number;
  run(villain: Villain, world: World): Promise<void>;
}

export const DEEDS: readonly Deed[] = [
  {
    name: 'writes like anyone',
    weight: 4,
    run: (villain, world) => villain.write(event(world), event(world)),
  },
  {
    name: 'signs two histories',
    weight: 2,
    run: async (villain, world) => {
      villain.isTwoFaced = true;
      await villain.write(event(world), event(world));
    },
  },
  {
    name: 'annotates',
    weight: 2,
    run: async (villain, world) => villain.write(ownChange(villain, world)),
  },
  {
    name: 'changes a document as another',
    weight: 3,
    run: async (villain, world) => {
      const victim = await someEntry(world, villain);
      if (victim === null) return;
      const actor = toHex(actorOfSegment(victim.header));
      await villain.write(change(world, actor, `forged-${world.random.int(1e9)}`));
    },
  },
  {
    name: 'sends a broken change',
    weight: 2,
    run: async (villain, world) => {
      const whole = ownChange(villain, world);
      if (whole.kind !== 'change') return;
      await villain.write({ ...whole, change: damaged(whole.change, world.random) });
    },
  },
  {
    name: 'seals what cannot be opened',
    weight: 2,
    run: async (villain, world) => {
      const bad: EntryBody = { ...event(world), kind: 'event', event: '?', payload: null };
      await villain.write(world.random.chance(0.5) ? bad : { ...bad, event: 'x', at: -1 });
    },
  },
  {
    name: 'forges an entry of another',
    weight: 3,
    run: async (villain, world) => {
      const victim = await someEntry(world, villain, true);
      if (victim === null) return;
      villain.push([await forged(victim, villain, world)]);
    },
  },
  {
    name: 'sends damaged entries of others',
    weight: 3,
    run: async (villain, world) => {
      const victim = await someEntry(world, villain);
      if (victim === null) return;
      villain.push([{ ...victim, bytes: damaged(victim.bytes, world.random) }]);
    },
  },
  {
    name: 'sends an entry of another space',
    weight: 2,
    run: async (villain, world) => {
      const space = world.random.bytes(32);
      villain.push([await villain.seal(event(world), { ...villain.place(), space })]);
    },
  },
  {
    name: 'breaks its own chain',
    weight: 1,
    run: async (villain, world) => {
      const { seq } = villain.place();
      if (seq === 1) return;
      villain.push([await villain.seal(event(world), { seq, prev: world.random.bytes(32) })]);
    },
  },
  {
    name: 'leaves a gap',
    weight: 1,
    run: async (villain, world) => {
      const seq = villain.place().seq + world.random.between(1, 9);
      villain.push([await villain.seal(event(world), { seq, prev: world.random.bytes(32) })]);
    },
  },
  {
    name: 'sends something huge',
    weight: 0.3,
    run: async (villain, world) => {
      const victim = await someEntry(world, villain);
      if (victim !== null) villain.push([{ ...victim, bytes: new Uint8Array(300 * 1024) }]);
    },
  },
  {
    name: 'garbles what it sends',
    weight: 1,
    run: async (villain) => {
      villain.isGarbling = !villain.isGarbling;
    },
  },
];

export function event({ random, clock }: World): EntryBody & { readonly kind: 'event' } {
  const at = random.chance(0.2) ? 0 : Math.floor(clock.now());
  return { kind: 'event', at, agent: null, event: 'note', payload: `evil ${random.int(1e6)}` };
}

export function ownChange(villain: Villain, world: World): EntryBody {
  const { segment } = villain.place();
  const { bytes } = world.club;
  const actor = actorOfSegment({ space: bytes, author: villain.signer.publicKey, segment });
  return change(world, toHex(actor), `villain-${world.random.int(1e9)}`);
}

export function boardChange(villain: Villain, world: World): EntryBody {
  const { segment } = villain.place();
  const { bytes } = world.club;
  const actor = actorOfSegment({ space: bytes, author: villain.signer.publicKey, segment });
  const name = `evil ${world.random.int(1e6)}`;
  return changeOf(BOARD_ID, world, toHex(actor), 'setName', () => ({ name }));
}

/** A well-formed change by any actor, on a page on which nobody else has written. */
function change(world: World, actor: string, id: string): EntryBody {
  const document = world.random.pick(world.club.pages);
  return changeOf(document, world, actor, 'add', (at) => annotation(id, 'evil', at));
}

function changeOf(
  document: string,
  world: World,
  actor: string,
  verb: string,
  argsAt: (at: number) => unknown,
): EntryBody {
  const kind = kindOfDocument(document);
  if (kind === null) throw new Error(`no kind of document is called ${document}`);
  const live = new LiveDocument(kind);
  const at = Math.floor(world.clock.now());
  const proposed = live.propose(actor, verb, argsAt(at), at);
  live.free();
  if (!proposed.ok || proposed.value === null) throw new Error('the verb made no change');
  return { kind: 'change', at, agent: null, document, change: proposed.value };
}

/** Under the victim's name, in the victim's next place or on top of its last, signed with the wrong key. */
async function forged(victim: Entry, villain: Villain, world: World): Promise<Entry> {
  const { seq, hash, prev } = { ...victim.header, hash: victim.hash };
  const next = world.random.chance(0.7) ? { seq: seq + 1, prev: hash } : { seq, prev };
  return villain.seal(event(world), next, victim.header.author);
}

/** An entry of an honest author that the villain has got; the last one of its log when `newest`. */
export async function someEntry(
  world: World,
  villain: Villain,
  newest = false,
): Promise<Entry | null> {
  const { random, club } = world;
  const heads = [...(await villain.replica.heads(club.id))];
  const honest = heads.filter(([author]) => world.facts.honest.has(author));
  if (honest.length === 0) return null;
  const [author, head] = random.pick(honest);
  const seq = newest ? head.seq : random.between(1, head.seq);
  const limits = { maxEntries: 1, maxBytes: 1 };
  const [stored] = await villain.replica.read(club.id, author, seq, limits);
  const read = stored === undefined ? null : readStoredEntry(stored.bytes);
  return read?.ok === true ? read.value : null;
}
