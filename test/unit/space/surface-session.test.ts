// Session guarantees (Terry et al. 1994) of a person who moves between surfaces and devices, over random schedules.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { covers, NOTHING_SEEN, type VersionVector } from '../../../lib/log/version-vector.ts';
import { closureOf } from '../../../lib/space/causal-order.ts';
import { readHistory } from '../../../lib/space/history.ts';
import type { PageDocument } from '../../../lib/space/documents/page.ts';
import type { Space } from '../../../lib/space/space.ts';
import { createSurfaceSession, untilCaughtUp } from '../../../lib/space/surface-session.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { carry } from '../../support/carry.ts';
import { noteChange, PAGE } from '../../support/notes.ts';
import { createTestNode, createTestSpace, type TestNode } from '../../support/spaces.ts';

const AT_ONCE = { deadlineMs: 0 };
const DEVICES = 2;
const SURFACES = 2;

type Deed =
  | { readonly kind: 'write' | 'read'; readonly surface: number; readonly device: number }
  /** Up to so many of the entries that the other device lacks of one author. */
  | {
      readonly kind: 'sync';
      readonly from: number;
      readonly author: number;
      readonly most: number;
    };

const act = fc.record({
  kind: fc.constantFrom<'write' | 'read'>('write', 'read'),
  surface: fc.nat(SURFACES - 1),
  device: fc.nat(DEVICES - 1),
});
const sync = fc.record({
  kind: fc.constant<'sync'>('sync'),
  from: fc.nat(DEVICES - 1),
  author: fc.nat(DEVICES - 1),
  most: fc.integer({ min: 1, max: 4 }),
});
const schedule = fc.array(fc.oneof<fc.Arbitrary<Deed>[]>(act, act, sync), { maxLength: 18 });

it('keeps its four guarantees for every session, whatever device it moves to', async () => {
  await fc.assert(fc.asyncProperty(schedule, playOut), { numRuns: 40 });
}, 120_000);

it('waits for what was seen elsewhere, and says so when that does not come', async () => {
  const { nodes, spaces, id } = await stage();
  const [ada, phone] = [at(nodes, 0), at(nodes, 1)];
  const session = createSurfaceSession(at(spaces, 0));
  unwrap(await session.change(noteChange('note-one', 'On the laptop.'), AT_ONCE));
  const moved = createSurfaceSession(at(spaces, 1), session.vector());
  expect(await moved.read(PAGE, AT_ONCE)).toMatchObject({
    failure: { code: 'timeout', message: expect.stringContaining('2 changes') },
  });
  const reading = moved.read(PAGE, { deadlineMs: 10_000 });
  await carry(ada.replica, phone.replica, id);
  const { value, reflects } = unwrap(await reading);
  expect(textsOf(value)).toEqual(['On the laptop.']);
  expect(covers(reflects, session.vector())).toBe(true);
  const never = new Map([['ab'.repeat(32), 3]]);
  const signal = AbortSignal.abort();
  expect(await untilCaughtUp(at(spaces, 1), never, { deadlineMs: 10_000, signal })).toMatchObject({
    failure: { code: 'cancelled' },
  });
});

/** What one surface's session has done, beside the vector that it is. */
interface Person {
  vector: VersionVector;
  readonly wrote: Set<string>;
  readonly saw: Set<string>;
}

async function playOut(deeds: readonly Deed[]): Promise<void> {
  const world = await stage();
  const people = Array.from({ length: SURFACES }, (): Person => {
    return { vector: NOTHING_SEEN, wrote: new Set(), saw: new Set() };
  });
  const pasts: { readonly entry: VersionVector; readonly past: VersionVector }[] = [];
  for (const [turn, deed] of deeds.entries()) {
    if (deed.kind === 'sync') await exchange(world, deed);
    else {
      const person = at(people, deed.surface);
      const session = createSurfaceSession(at(world.spaces, deed.device), person.vector);
      if (deed.kind === 'read') await readBy(person, session);
      else {
        const written = await session.change(noteChange(`note-${turn}-here`, `${turn}`), AT_ONCE);
        if (!written.ok) expect(written.failure.code).toBe('timeout');
        else if (written.value !== null) {
          const { author, seq } = written.value;
          pasts.push({ entry: new Map([[author, seq]]), past: person.vector });
          person.wrote.add(`${turn}`);
        }
      }
      person.vector = session.vector();
    }
  }
  await comesAfter(world, pasts);
  for (const space of world.spaces) space.close();
}

/** Read your writes, and monotonic reads. Or it is said that this device has not caught up. */
async function readBy(
  person: Person,
  session: ReturnType<typeof createSurfaceSession>,
): Promise<void> {
  const read = await session.read(PAGE, AT_ONCE);
  if (!read.ok) return expect(read.failure.code).toBe('timeout');
  const texts = textsOf(read.value.value);
  for (const text of [...person.wrote, ...person.saw]) expect(texts).toContain(text);
  for (const text of texts) person.saw.add(text);
}

/** Writes follow reads, and monotonic writes: a consistent cut with a write has all that its session had seen. */
async function comesAfter(
  { nodes, id, secret }: World,
  pasts: readonly { readonly entry: VersionVector; readonly past: VersionVector }[],
): Promise<void> {
  for (const one of nodes) for (const other of nodes) await carry(one.replica, other.replica, id);
  const { replica } = at(nodes, 0);
  const source = { space: id, replica, keys: singleEpochKeys(secret), control: null };
  const { steps } = unwrap(await readHistory(source, new AbortController().signal));
  for (const { entry, past } of pasts) expect(covers(closureOf(entry, steps), past)).toBe(true);
}

interface World {
  readonly nodes: readonly TestNode[];
  readonly spaces: readonly Space[];
  readonly id: string;
  readonly secret: Uint8Array;
}

async function stage(): Promise<World> {
  const space = await createTestSpace();
  const nodes = [await createTestNode('Laptop'), await createTestNode('Phone')];
  const spaces = await Promise.all(nodes.map((node) => node.join(space)));
  return { nodes, spaces, id: at(spaces, 0).id, secret: space.secret };
}

async function exchange({ nodes, id }: World, deed: Deed & { kind: 'sync' }): Promise<void> {
  const [from, to] = [at(nodes, deed.from), at(nodes, 1 - deed.from)];
  const author = Buffer.from(at(nodes, deed.author).signer.publicKey).toString('hex');
  const have = (await to.replica.heads(id)).get(author)?.seq ?? 0;
  await carry(from.replica, to.replica, id, { author, until: have + deed.most });
}

function textsOf(page: unknown): string[] {
  // The projection of a document of this kind.
  return (page as PageDocument).annotations.map(({ note }) => note);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}
