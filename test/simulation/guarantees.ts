// What one person may rely on at one node (Terry et al. 1994): they read what they wrote, and nothing they have seen
// goes away again; what is shown is durable, and is by whom it says.
import type { PageDocument } from '../../lib/space/documents/page.ts';
import type { OpenedEntry } from '../../lib/space/opened-entry.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { faultIn, isBeyondEnd } from './chronicle.ts';
import type { Machine } from './machine.ts';
import type { Running } from './process.ts';
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
  if (isOut(world, machine.author)) return;
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
  world: World,
  machine: Machine,
  running: Running,
  entries: readonly OpenedEntry[],
): void {
  const { facts, watch } = world;
  const present = new Set(entries.map(({ hash }) => hash));
  const known = new Set(running.shown);
  const isTakenBack = running.shown.some((hash, at) => entries[at]?.hash !== hash);
  // When someone is put out what they wrote since goes away, and all else is read anew.
  if (isTakenBack && (world.chronicle?.newest().ends.size ?? 0) === 0) {
    watch.report('what was shown stays shown', `${machine.name} takes entries back`);
  }
  for (const entry of entries.filter(({ hash }) => !known.has(hash))) {
    const what = `${machine.name} shows ${entry.author.slice(0, 8)}#${entry.seq}`;
    if (!facts.members.has(entry.author)) watch.report('only members are heard', what);
    if (!isOnDisk(machine, entry)) watch.report('what is shown is durable', what);
    if (entry.body.kind === 'change') facts.documents.set(entry.hash, entry.body.document);
    const fault = faultOf(world, entry);
    if (fault !== null)
      watch.report('nothing is shown that nobody might write', `${what} ${fault}`);
  }
  running.shown = [...present];
  for (const hash of [...known, ...machine.seen.entries]) {
    if (!present.has(hash) && !isCutOff(world, hash)) {
      watch.report('what was shown stays shown', `${machine.name} lost ${hash}`);
    }
  }
  machine.seen.entries.clear();
  for (const hash of present) machine.seen.entries.add(hash);
}

/** What speaks against an entry, as the stewards' decisions say. */
function faultOf({ chronicle, facts }: World, { hash, body }: OpenedEntry): string | null {
  const placed = facts.placed.get(hash);
  if (chronicle === null) return null;
  return placed === undefined
    ? 'is on no disk'
    : faultIn(chronicle.at(placed.control), placed, body);
}

/** Whether an entry counts for nothing since its author was put out. */
export function isCutOff({ chronicle, facts }: World, hash: string): boolean {
  const placed = facts.placed.get(hash);
  if (chronicle === null || placed === undefined) return false;
  return isBeyondEnd(chronicle.newest(), { ...placed, hash });
}

function checkPage(
  world: World,
  machine: Machine,
  { space }: Running,
  document: string,
  page: PageDocument,
): void {
  const { facts, watch } = world;
  const lostGround = [...facts.documents].some(
    ([hash, at]) => at === document && isCutOff(world, hash),
  );
  const present = new Set(page.annotations.map(({ id }) => `${document} ${id}`));
  for (const id of machine.seen.annotations) {
    if (!id.startsWith(document) || present.has(id)) continue;
    const known = id.slice(document.length + 1);
    if (facts.removed.has(known) || isOut(world, facts.annotations.get(known)?.by)) continue;
    // What someone built on changes that count no longer goes with them.
    if (lostGround) continue;
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

/** Whether a device was put out: what it wrote last may be gone. */
function isOut({ chronicle }: World, author = ''): boolean {
  return chronicle?.newest().ends.has(author) === true;
}

function isOnDisk(machine: Machine, { author, seq, hash }: OpenedEntry): boolean {
  const stored = machine.disk.contents.logs.get(author)?.[seq - 1];
  return stored !== undefined && toHex(stored.hash) === hash;
}
