// What people do in a space, one value each. Each act checks at once what its node gave its word for.
import { BOARD_ID } from '../../lib/space/document-ids.ts';
import type { PageDocument } from '../../lib/space/documents/page.ts';
import type { OpenedEntry } from '../../lib/space/opened-entry.ts';
import type { Change } from '../../lib/space/space.ts';
import type { FailureCode, Result } from '../../lib/wire/failure.ts';
import { annotation } from './annotation.ts';
import { observe, promise, readBack } from './guarantees.ts';
import type { Machine } from './machine.ts';
import type { Running } from './process.ts';
import type { World } from './scene.ts';

export interface Act {
  readonly name: string;
  readonly weight: number;
  run(world: World, machine: Machine, running: Running): Promise<void>;
}

/** Several of these fill the queue before a channel. */
const LARGE_CHARS = 180_000;

export const say: Act = { name: 'says something', weight: 3, run: record };

export const ACTS: readonly Act[] = [
  { name: 'annotates', weight: 5, run: annotate },
  {
    name: 'edits',
    weight: 4,
    run: async (world, machine, running) => {
      const found = await someAnnotation(world, running);
      if (found === null) return;
      const { document, id } = found;
      const note = `edit ${world.random.int(1e9)}`;
      const facts = world.facts.annotations.get(id);
      facts?.notes.push({ by: machine.author, text: note });
      const args = { id, note, at: machine.now() };
      if (!(await change(world, machine, running, { document, verb: 'edit', args }))) return;
      await readBack(world, machine, running, document, id, note);
    },
  },
  {
    name: 'removes',
    weight: 1,
    run: async (world, machine, running) => {
      const found = await someAnnotation(world, running);
      if (found === null) return;
      const { document, id } = found;
      world.facts.removed.add(id);
      await change(world, machine, running, { document, verb: 'remove', args: { id } });
    },
  },
  {
    name: 'renames the space',
    weight: 1,
    run: async (world, machine, running) => {
      const name = `name ${world.random.int(1e9)}`;
      world.facts.names.push({ by: machine.author, text: name });
      await change(world, machine, running, {
        document: BOARD_ID,
        verb: 'setName',
        args: { name },
      });
    },
  },
  say,
  {
    name: 'says much at once',
    weight: 1,
    run: async (world, machine, running) => {
      const count = world.random.between(2, 8);
      await Promise.all(Array.from({ length: count }, () => record(world, machine, running)));
    },
  },
  {
    name: 'pastes very much at once',
    weight: 0.03,
    run: async (world, machine, running) => {
      const large = (): string => `${world.random.int(1e9)}`.padEnd(LARGE_CHARS, '.');
      const pasted = Array.from({ length: 14 }, () => running.space.record('note', large()));
      for (const result of await Promise.all(pasted)) await accept(world, machine, running, result);
    },
  },
  {
    name: 'annotates twice at once',
    weight: 1,
    run: async (world, machine, running) => {
      await Promise.all([annotate(world, machine, running), annotate(world, machine, running)]);
    },
  },
  { name: 'looks', weight: 2, run: observe },
];

async function annotate(world: World, machine: Machine, running: Running): Promise<void> {
  const document = world.random.pick(world.club.pages);
  const id = `note-${machine.name}-${world.random.int(1e9)}`;
  const note = `first ${id}`;
  const notes = [{ by: machine.author, text: note }];
  world.facts.annotations.set(id, { document, by: machine.author, notes });
  const args = annotation(id, note, machine.now());
  if (!(await change(world, machine, running, { document, verb: 'add', args }))) return;
  await readBack(world, machine, running, document, id);
}

async function record(world: World, machine: Machine, running: Running): Promise<void> {
  const recorded = await running.space.record('note', `${machine.name} ${world.random.int(1e9)}`);
  await accept(world, machine, running, recorded);
}

async function change(
  world: World,
  machine: Machine,
  running: Running,
  asked: Change,
): Promise<boolean> {
  const changed = await running.space.change(asked);
  return accept(world, machine, running, changed);
}

/** Takes the node at its word, or looks whether its refusal is one that may be. */
async function accept(
  world: World,
  machine: Machine,
  running: Running,
  result: Result<OpenedEntry | null>,
): Promise<boolean> {
  if (machine.running !== running) return false;
  if (!result.ok) {
    const { code, message } = result.failure;
    world.trace.note(`${machine.name} is told ${code}`);
    if (!isExcused(world, machine, code)) {
      world.watch.report('nothing is refused without cause', `${machine.name}: ${message}`);
    }
    return false;
  }
  if (result.value !== null) promise(world, machine, result.value);
  await observe(world, machine, running);
  return result.value !== null;
}

/** A person may hear these; any other refusal is a fault of the node. */
function isExcused({ facts, chronicle }: World, machine: Machine, code: FailureCode): boolean {
  switch (code) {
    case 'permission_denied':
      return (
        facts.lowered.has(machine.author) || chronicle?.newest().ends.has(machine.author) === true
      );
    case 'not_found':
      return true;
    case 'storage_full':
      return machine.wasFull;
    // Its own past may come back before what that builds on.
    case 'unavailable':
    case 'forked':
      return facts.split.has(machine.author);
    case 'timeout':
      return machine.lostWorker;
    default:
      return false;
  }
}

async function someAnnotation(
  world: World,
  { space }: Running,
): Promise<{ document: string; id: string } | null> {
  const document = world.random.pick(world.club.pages);
  const read = await space.read(document);
  if (!read.ok) return null;
  // The pages of the club are of the kind `page`.
  const { annotations } = read.value as PageDocument;
  return annotations.length === 0 ? null : { document, id: world.random.pick(annotations).id };
}
