// The annotations of web pages across all shared spaces: what a page draws, and the verbs behind its buttons.
import { hashOf } from '../identity/hash.ts';
import type { PageDocument, StoredAnnotation } from '../space/documents/page.ts';
import { MAX_PERSON_NAME_CHARS } from '../space/members.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { AnnotationTarget, PageAnnotation } from '../wire/annotator.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import type { ActingAgent } from '../wire/entry-body.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { hueOf, huesOf } from './hue.ts';
import type { Profile } from './profile.ts';
import type { Spaces } from './spaces.ts';
import type { HeldSpace } from './held-space.ts';

export interface NewAnnotation {
  readonly spaceId: string;
  /** As `pageAddress` spells it. */
  readonly url: string;
  readonly title: string;
  readonly target: AnnotationTarget;
  readonly note: string;
  readonly agent: ActingAgent | null;
}

/** An annotation with the page it is on and whose it is. */
export interface PlacedAnnotation {
  readonly held: HeldSpace;
  readonly url: string;
  readonly title: string;
  readonly annotation: StoredAnnotation;
  /** did:key of the person whose device made it; null when nobody has said whose device it is. */
  readonly person: string | null;
  readonly name: string;
  readonly hue: number;
  /** Who brought it over from another space, and says whose it was there; null for what was made here. */
  readonly carriedBy: string | null;
}

const EMPTY: PageDocument = { url: null, title: null, annotations: [] };
const UNKNOWN_NAME = 'Someone';

export class PageAnnotations {
  readonly #spaces: Spaces;
  readonly #profile: () => Profile;
  readonly #now: () => number;
  readonly #pages = new Map<string, Promise<PageDocument>>();

  constructor(options: { spaces: Spaces; profile: () => Profile; now: () => number }) {
    this.#spaces = options.spaces;
    this.#profile = options.profile;
    this.#now = options.now;
  }

  /** Forgets what was read of the documents that these entries change; says which documents. */
  changed(held: HeldSpace, entries: readonly OpenedEntry[]): readonly string[] {
    const documents = entries.flatMap(({ body }) =>
      body.kind === 'change' && body.document.startsWith('page/') ? [body.document] : [],
    );
    for (const document of documents) this.#pages.delete(keyOf(held, document));
    return [...new Set(documents)];
  }

  /** The address of the page that a document is about, once it has said so. */
  async addressOf(held: HeldSpace, document: string): Promise<string | null> {
    return (await this.#read(held, document)).url;
  }

  /** What a page draws: its annotations in all spaces, oldest first. */
  async ofPage(url: string): Promise<PlacedAnnotation[]> {
    const document = documentOf(url);
    const perSpace = await Promise.all(
      this.#spaces.list().map((held) => this.#placed(held, document)),
    );
    return perSpace.flat().toSorted((a, b) => a.annotation.createdAt - b.annotation.createdAt);
  }

  /** All annotations of a space, on whatever page. */
  async ofSpace(held: HeldSpace): Promise<PlacedAnnotation[]> {
    const documents = (await held.space.documents()).filter((id) => id.startsWith('page/'));
    return (await Promise.all(documents.map((id) => this.#placed(held, id)))).flat();
  }

  /** As the content script wants it. */
  view(placed: PlacedAnnotation): PageAnnotation {
    const { annotation, held, name: whose, hue, carriedBy } = placed;
    const name = carriedBy === null ? whose : `${whose}, by way of ${carriedBy}`;
    const { agent } = annotation;
    return {
      id: annotation.id,
      spaceId: held.record.id,
      spaceName: held.record.name,
      target: annotation.target,
      note: annotation.note,
      by: agent
        ? { name: agent.name || 'An agent', hue, kind: 'agent', onBehalfOf: name }
        : { name, hue, kind: 'person' },
      createdAt: annotation.createdAt,
      mine: this.isMine(placed),
    };
  }

  isMine(placed: PlacedAnnotation): boolean {
    if (placed.held.record.archive !== undefined) return false;
    return placed.person === this.#profile().person;
  }

  async create(input: NewAnnotation): Promise<Result<{ id: string }>> {
    const held = this.#spaces.find(input.spaceId);
    if (!held.ok) return held;
    const { url, title, target, note, agent } = input;
    const id = crypto.randomUUID();
    const by = agent && { did: agent.did, name: agent.name };
    const changed = await held.value.space.change({
      document: documentOf(url),
      verb: 'add',
      args: { id, url, title: title.slice(0, 300), target, note, agent: by, at: this.#now() },
      agent,
    });
    return changed.ok ? ok({ id }) : changed;
  }

  async edit(where: Place, note: string): Promise<Result<null>> {
    return this.#changeOwn(where, 'edit', { id: where.id, note, at: this.#now() });
  }

  async remove(where: Place): Promise<Result<null>> {
    return this.#changeOwn(where, 'remove', { id: where.id });
  }

  async #changeOwn(where: Place, verb: string, args: unknown): Promise<Result<null>> {
    const held = this.#spaces.find(where.spaceId);
    if (!held.ok) return held;
    const document = documentOf(where.url);
    const placed = (await this.#placed(held.value, document)).find(
      ({ annotation }) => annotation.id === where.id,
    );
    if (placed === undefined) return gone();
    if (!this.isMine(placed)) return notYours(placed.name);
    const changed = await held.value.space.change({ document, verb, args });
    return changed.ok ? ok(null) : changed;
  }

  async #placed(held: HeldSpace, document: string): Promise<PlacedAnnotation[]> {
    const [page, members] = await Promise.all([this.#read(held, document), held.space.members()]);
    const { url, title } = page;
    if (url === null || documentOf(url) !== document) return [];
    const hues = huesOf(members.values());
    return page.annotations.map((annotation) => {
      const author = held.space.authorOfActor(annotation.creator);
      const member = author === null ? undefined : members.get(author);
      const { by } = annotation;
      const person = by?.did ?? member?.person ?? null;
      const hue = hues.get(person ?? '') ?? hueOf(by?.did ?? annotation.creator);
      const maker = member?.name ?? UNKNOWN_NAME;
      const place = { held, url, title: title ?? url };
      // Whoever brought their own things over vouches for themselves.
      const carriedBy = by === null || by.did === member?.person ? null : maker;
      // A claim by whoever brought it, so it may be anything.
      const name = by?.name.trim().slice(0, MAX_PERSON_NAME_CHARS) || maker;
      return { ...place, annotation, person, name, hue, carriedBy };
    });
  }

  #read(held: HeldSpace, document: string): Promise<PageDocument> {
    const key = keyOf(held, document);
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const reading = held.space.read(document).then((read) => {
      if (read.ok) return read.value as PageDocument;
      this.#pages.delete(key);
      return EMPTY;
    });
    this.#pages.set(key, reading);
    return reading;
  }
}

export interface Place {
  readonly id: string;
  readonly spaceId: string;
  readonly url: string;
}

/** The document that holds the annotations of a page. */
export function documentOf(url: string): string {
  return `page/${toHex(hashOf('page-address', utf8(url)))}`;
}

function keyOf(held: HeldSpace, document: string): string {
  return `${held.record.id}:${document}`;
}

function gone(): Result<never> {
  return fail('not_found', 'This annotation is no longer there.', 'Someone may have removed it.');
}

function notYours(name: string): Result<never> {
  return fail(
    'permission_denied',
    `This annotation is ${name}'s.`,
    'Only the person who made it, or whose agent made it, can change it.',
  );
}
