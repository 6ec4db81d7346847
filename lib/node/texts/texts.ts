// The texts that people write together in a space, and the copies of them: read, written, copied, brought together.
// A shared copy lies in the space, a private one in the home space: moving one to the other is an act of its own.
import { artifactId, artifactOf, branchId } from '../../space/document-ids.ts';
import type { ArtifactDocument } from '../../space/documents/artifact.ts';
import type { BranchDocument } from '../../space/documents/branch.ts';
import { editsBetween, mergeTexts } from '../../space/documents/text-merge.ts';
import type { Space } from '../../space/space.ts';
import { MAX_TEXT_LENGTH } from '../../messaging/text-calls.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { HeldSpace } from '../held-space.ts';
import type { Spaces } from '../spaces.ts';
import { stepsBetween } from './text-steps.ts';

/** Which text or copy; `branch` null is the text that all share. */
export interface TextPlace {
  readonly spaceId: string;
  readonly artifact: string;
  readonly branch: string | null;
}

export type CopyPlace = TextPlace & { readonly branch: string };

export interface Copy {
  readonly id: string;
  readonly where: 'private' | 'shared';
  readonly document: BranchDocument;
}

export type Prefer = 'ours' | 'theirs' | 'both';

export class Texts {
  readonly #spaces: Spaces;

  constructor(spaces: Spaces) {
    this.#spaces = spaces;
  }

  async create(spaceId: string, title: string, form: string): Promise<Result<string>> {
    const held = this.#spaces.find(spaceId);
    if (!held.ok) return held;
    const id = crypto.randomUUID();
    const document = artifactId(id);
    const named = await held.value.space.change({ document, verb: 'title', args: { title } });
    if (!named.ok) return named;
    const formed = await held.value.space.change({ document, verb: 'form', args: { form } });
    return formed.ok ? ok(id) : formed;
  }

  /** The ids of a space's texts. */
  async list({ space }: HeldSpace): Promise<string[]> {
    const documents = await space.documents();
    return documents.flatMap((document) => {
      const found = artifactOf(document);
      return found !== null && found.branch === null ? [found.artifact] : [];
    });
  }

  async read({ space }: HeldSpace, artifact: string): Promise<Result<ArtifactDocument>> {
    const read = await space.read(artifactId(artifact));
    // The projection of this kind of document.
    return read.ok ? ok(read.value as ArtifactDocument) : read;
  }

  /** The copies of a text that this person can see. */
  async copies(held: HeldSpace, artifact: string): Promise<Copy[]> {
    const [shared, own] = await Promise.all([
      copiesIn(held.space, artifact),
      copiesIn(this.#spaces.home().space, artifact),
    ]);
    const ofSpace = own.filter(({ document }) => document.space === held.record.id);
    return [
      ...shared.map((copy): Copy => ({ ...copy, where: 'shared' })),
      ...ofSpace.map((copy): Copy => ({ ...copy, where: 'private' })),
    ].filter(({ document }) => !document.isClosed);
  }

  async copy(held: HeldSpace, { artifact, branch }: CopyPlace): Promise<Result<Copy>> {
    const found = (await this.copies(held, artifact)).find(({ id }) => id === branch);
    return found === undefined ? NO_COPY : ok(found);
  }

  async rename(place: TextPlace, title: string): Promise<Result<null>> {
    return this.#change(place, 'title', { title });
  }

  /** Brings in what a writer made of the text that they had before them. */
  async write(place: TextPlace, before: string, after: string): Promise<Result<null>> {
    return this.#rewrite(place, { before, after, prefer: 'both' });
  }

  /** Takes a copy of the text as it is now. */
  async branch(
    { spaceId, artifact }: Pick<TextPlace, 'spaceId' | 'artifact'>,
    name: string,
    where: Copy['where'],
  ): Promise<Result<string>> {
    const held = this.#spaces.find(spaceId);
    if (!held.ok) return held;
    const text = await this.read(held.value, artifact);
    if (!text.ok) return text;
    const target = where === 'shared' ? held.value.space : this.#spaces.home().space;
    const { text: base, ...rest } = text.value;
    return putCopy(target, artifact, { ...rest, name, base, text: base, space: spaceId });
  }

  /** Puts a private copy into the space, as it is. The private one stays. */
  async share(place: CopyPlace): Promise<Result<string>> {
    const held = this.#spaces.find(place.spaceId);
    if (!held.ok) return held;
    const copy = await this.copy(held.value, place);
    if (!copy.ok) return copy;
    return putCopy(held.value.space, place.artifact, copy.value.document);
  }

  /** Puts a copy away, for all who see it. What was agreed of it stays readable. */
  close(place: CopyPlace): Promise<Result<null>> {
    return this.#change(place, 'close', {});
  }

  /** Brings a copy's changes into the text; where both changed the same words, only as `prefer` says. */
  async merge(
    place: CopyPlace,
    prefer: Prefer | null,
  ): Promise<Result<{ readonly merged: boolean; readonly conflicts: number }>> {
    const both = await this.#both(place);
    if (!both.ok) return both;
    const { copy, text } = both.value;
    const { base, text: ours } = copy.document;
    const { conflicts } = mergeTexts(base, ours, text);
    if (conflicts > 0 && prefer === null) return ok({ merged: false, conflicts });
    const change = { before: base, after: ours, prefer: prefer ?? 'both' };
    const written = await this.#rewrite({ ...place, branch: null }, change);
    if (!written.ok) return written;
    const level = await this.refresh(place);
    return level.ok ? ok({ merged: true, conflicts }) : level;
  }

  /** Brings what changed in the text since into the copy. */
  async refresh(place: CopyPlace): Promise<Result<null>> {
    const both = await this.#both(place);
    if (!both.ok) return both;
    const { copy, text } = both.value;
    const change = { before: copy.document.base, after: text, prefer: 'theirs' } as const;
    const written = await this.#rewrite(place, change);
    return written.ok ? this.#change(place, 'rebase', { base: text }) : written;
  }

  async #both(place: CopyPlace): Promise<Result<{ readonly copy: Copy; readonly text: string }>> {
    const held = this.#spaces.find(place.spaceId);
    if (!held.ok) return held;
    const copy = await this.copy(held.value, place);
    if (!copy.ok) return copy;
    const text = await this.read(held.value, place.artifact);
    return text.ok ? ok({ copy: copy.value, text: text.value.text }) : text;
  }

  /** In as many changes as it takes: one has room for so many letters. */
  async #rewrite(
    place: TextPlace,
    change: { readonly before: string; readonly after: string; readonly prefer: Prefer },
  ): Promise<Result<null>> {
    const { prefer } = change;
    // Looked at first, because what takes several changes must not end in the middle.
    if (change.after.length > MAX_TEXT_LENGTH) return TOO_LONG;
    for (const { before, after } of stepsBetween(change.before, change.after)) {
      const written = await this.#change(place, 'rewrite', { before, after, prefer });
      if (!written.ok) return written;
    }
    return ok(null);
  }

  async #change(place: TextPlace, verb: string, args: unknown): Promise<Result<null>> {
    const space = await this.#spaceOf(place);
    if (!space.ok) return space;
    const { artifact, branch } = place;
    const document = branch === null ? artifactId(artifact) : branchId(branch, artifact);
    const changed = await space.value.change({ document, verb, args });
    return changed.ok ? ok(null) : changed;
  }

  async #spaceOf({ spaceId, artifact, branch }: TextPlace): Promise<Result<Space>> {
    const held = this.#spaces.find(spaceId);
    if (!held.ok) return held;
    if (branch === null) return ok(held.value.space);
    const copy = await this.copy(held.value, { spaceId, artifact, branch });
    if (!copy.ok) return copy;
    return ok(copy.value.where === 'shared' ? held.value.space : this.#spaces.home().space);
  }
}

async function copiesIn(
  space: Space,
  artifact: string,
): Promise<{ readonly id: string; readonly document: BranchDocument }[]> {
  const found = (await space.documents()).flatMap((document) => {
    const of = artifactOf(document);
    return of?.artifact === artifact && of.branch !== null ? [{ id: of.branch, document }] : [];
  });
  const read = await Promise.all(
    found.map(async ({ id, document }) => ({ id, read: await space.read(document) })),
  );
  // The projection of this kind of document.
  return read.flatMap((one) =>
    one.read.ok ? [{ id: one.id, document: one.read.value as BranchDocument }] : [],
  );
}

async function putCopy(
  space: Space,
  artifact: string,
  copy: Omit<BranchDocument, 'creator' | 'isClosed'>,
): Promise<Result<string>> {
  const id = crypto.randomUUID();
  const document = branchId(id, artifact);
  const { name, title, form, base, text, space: from } = copy;
  const verbs = [
    ['copy', { name: name ?? 'Copy', base, space: from }],
    ...(title === null ? [] : [['title', { title }] as const]),
    ['form', { form }],
    ...stepsBetween('', text).map((step) => ['rewrite', { ...step, prefer: 'both' }] as const),
  ] as const;
  for (const [verb, args] of verbs) {
    const changed = await space.change({ document, verb, args });
    if (!changed.ok) return changed;
  }
  return ok(id);
}

/** How many places differ. */
export function countChanges(before: string, after: string): number {
  return before === after ? 0 : editsBetween(before, after).length;
}

const TOO_LONG = fail(
  'too_large',
  `A text may have ${MAX_TEXT_LENGTH} characters.`,
  'Divide it into several.',
);

const NO_COPY = fail(
  'not_found',
  'This copy is not here.',
  'It may have been made in another browser and not come yet. Choose another one.',
);
