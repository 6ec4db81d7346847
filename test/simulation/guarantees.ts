// What one person may rely on at one node (Terry et al. 1994): they read what they wrote, and nothing they have seen
// goes away again; what is shown is durable, and is by whom it says.
import type { PageDocument } from '../../lib/space/documents/page.ts';
import type { OpenedEntry } from '../../lib/space/opened-entry.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { Machine, Running } from './machine.ts';
import type { World } from './scene.ts';

/** Notes what a node has called durable, and looks whether it is. */
export function promise({ facts, watch }: World, machine: Machine, entry: OpenedEntry): void {
  const { author, seq, hash } = entry;
  facts.promised.push({ author, seq, hash });
  if (!isOnDisk(machine, entry)) {
    watch.report('what is acknowledged is durable', `${machine.name} ${author.slice(0, 8)}#${seq}`);
  }
}

/** Looks at everything that the node shows. */
export async function observe(world: World, machine: Machine, running: Running): Promise<void> {
  const entries = await running.space.entries();
  if (machine.running !== running) return;
  checkEntries(world, machine, running, entries);
  for (const document of world.club.pages) {
    const read = await running.space.read(document);
    if (machine.running !== running) return;
    // The pages of the club are of the kind `page`.
    if (read.ok) checkPage(world, machine, running, document, read.value as PageDocument);
    else if (!machine.lostWorker) {
      world.watch.report('every document can be read', `${machine.name}: ${read.failure.message}`);
    }
  }
}

/** A person who has just written an annotation, or its note, finds it, unless someone wrote after them. */
export async function readBack(
  world: World,
  machine: Machine,
  running: Running,
  document: string,
  id: string,
  note?: string,
): Promise<void> {
  const read = await running.space.read(document);
  const facts = world.facts.annotations.get(id);
  if (machine.running !== running || !read.ok || world.facts.removed.has(id)) return;
  // The pages of the club are of the kind `page`.
  const found = (read.value as PageDocument).annotations.find((shown) => shown.id === id);
  const told = `${machine.name} ${id}`;
  if (found === undefined) return world.watch.report('a person reads what they wrote', told);
  if (note === undefined || facts === undefined) return;
  const before = facts.notes.slice(
    0,
    facts.notes.findIndex(({ text }) => text === note),
  );
  const own = before.filter(({ by }, at) => by === machine.author || at === 0);
  if (own.some(({ text }) => text === found.note)) {
    world.watch.report('a person reads what they wrote', `${told} shows an older note`);
  }
}

function checkEntries(
  { facts, watch }: World,
  machine: Machine,
  { shown }: Running,
  entries: readonly OpenedEntry[],
): void {
  if (shown.some((hash, at) => entries[at]?.hash !== hash)) {
    watch.report('what was shown stays shown', `${machine.name} takes entries back`);
  }
  for (const entry of entries.slice(shown.length)) {
    const what = `${machine.name} shows ${entry.author.slice(0, 8)}#${entry.seq}`;
    if (!facts.members.has(entry.author)) watch.report('only members are heard', what);
    if (!isOnDisk(machine, entry)) watch.report('what is shown is durable', what);
    shown.push(entry.hash);
  }
  const present = new Set(shown);
  for (const hash of machine.seen.entries) {
    if (!present.has(hash))
      watch.report('what was shown stays shown', `${machine.name} lost ${hash}`);
  }
  for (const hash of present) machine.seen.entries.add(hash);
}

function checkPage(
  { facts, watch }: World,
  machine: Machine,
  { space }: Running,
  document: string,
  page: PageDocument,
): void {
  const present = new Set(page.annotations.map(({ id }) => `${document} ${id}`));
  for (const id of machine.seen.annotations) {
    if (!id.startsWith(document) || present.has(id)) continue;
    if (facts.removed.has(id.slice(document.length + 1))) continue;
    watch.report('what was shown stays shown', `${machine.name} lost ${id.slice(-30)}`);
  }
  for (const id of present) machine.seen.annotations.add(id);
  for (const { id, creator, note } of page.annotations) {
    const author = space.authorOfActor(creator) ?? 'nobody';
    const made = facts.annotations.get(id);
    const isTrue = made === undefined ? !facts.honest.has(author) : made.by === author;
    if (!isTrue) watch.report('nothing goes under the name of another', `${machine.name} ${id}`);
    if (made !== undefined && made.notes.every(({ text }) => text !== note)) {
      watch.report('nothing is shown that nobody wrote', `${machine.name} ${id}: ${note}`);
    }
  }
}

function isOnDisk(machine: Machine, { author, seq, hash }: OpenedEntry): boolean {
  const stored = machine.disk.contents.logs.get(author)?.[seq - 1];
  return stored !== undefined && toHex(stored.hash) === hash;
}
