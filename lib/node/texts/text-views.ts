// Texts as the extension's pages show them: how each stands to what was agreed, its copies, and what is asked of it.
import { roleMayWrite } from '../../group/permissions.ts';
import { roleOf, type ControlState } from '../../group/control-state.ts';
import type {
  CopySummary,
  CopyView,
  ProposalView,
  Stretch,
  TextStanding,
  TextSummary,
  TextView,
} from '../../messaging/text-calls.ts';
import { artifactId, artifactOf, branchId } from '../../space/document-ids.ts';
import type { ArtifactDocument } from '../../space/documents/artifact.ts';
import { editsBetween } from '../../space/documents/text-merge.ts';
import type { OpenedEntry } from '../../space/opened-entry.ts';
import { toHex } from '../../wire/bytes.ts';
import type { Promotion } from '../../wire/control-parts.ts';
import { ok, type Result } from '../../wire/failure.ts';
import type { HeldSpace } from '../held-space.ts';
import type { Profile } from '../profile.ts';
import { approvalsNeeded, type Proposal, type Proposals } from './proposals.ts';
import { countChanges, type Copy, type TextPlace, type Texts } from './texts.ts';

export interface TextViewParts {
  readonly texts: Texts;
  readonly proposals: Proposals;
  readonly profile: () => Profile;
}

/** What was read of a space's texts, as of a height of the control log: a decision may make another version the agreed one. */
interface Kept {
  readonly height: number;
  readonly texts: Map<string, Promise<TextSummary | null>>;
}

const SOMEONE = 'Someone';

/** Lists are asked for often and change one text at a time, so what was read of each is kept until it changes. */
export class TextViews {
  readonly #parts: TextViewParts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: TextViewParts) {
    this.#parts = parts;
  }

  /** Forgets what these entries may have changed. A private copy lies in the home space, and says not whose text it is of. */
  changed(held: HeldSpace, entries: readonly OpenedEntry[]): void {
    for (const { body } of entries) {
      const of = body.kind === 'change' ? artifactOf(body.document) : null;
      if (of === null) continue;
      this.#kept.get(held.record.id)?.texts.delete(of.artifact);
      if (of.branch !== null)
        for (const { texts } of this.#kept.values()) texts.delete(of.artifact);
    }
  }

  async list(held: HeldSpace): Promise<TextSummary[]> {
    const height = held.group?.log.tip().height ?? 0;
    const known = this.#kept.get(held.record.id);
    const kept = known?.height === height ? known : { height, texts: new Map() };
    this.#kept.set(held.record.id, kept);
    const all = await Promise.all(
      (await this.#parts.texts.list(held)).map((id) => {
        const summary = kept.texts.get(id) ?? this.#summary(held, id);
        kept.texts.set(id, summary);
        return summary;
      }),
    );
    return all
      .filter((summary) => summary !== null)
      .toSorted((a, b) => (a.title < b.title ? -1 : 1));
  }

  async read(held: HeldSpace, { artifact, branch }: TextPlace): Promise<Result<TextView>> {
    const { texts, profile, proposals } = this.#parts;
    const text = await texts.read(held, artifact);
    if (!text.ok) return text;
    const copies = await texts.copies(held, artifact);
    const copy = copies.find(({ id }) => id === branch);
    const agreed = await agreedText(held, artifact);
    const names = await namesOf(held, profile());
    const open = await proposals.open(held);
    const asked = open.filter(({ promotion }) => promotion.artifact === artifact);
    return ok({
      title: text.value.title ?? 'Untitled',
      form: text.value.form,
      text: (copy?.document ?? text.value).text,
      mayWrite: copy?.where === 'private' || mayWrite(held, profile()),
      standing: standingOf(text.value.text, agreed),
      agreed: agreed.text,
      copies: copies.map((one) => summarise(one, names)),
      proposals: asked.map((one) => proposalView(held, one, { copies, names, profile: profile() })),
      copy: copy === undefined ? null : copyView(copy, text.value, { agreed, names }),
    });
  }

  async #summary(held: HeldSpace, id: string): Promise<TextSummary | null> {
    const { texts } = this.#parts;
    const [text, copies, agreed] = await Promise.all([
      texts.read(held, id),
      texts.copies(held, id),
      agreedText(held, id),
    ]);
    if (!text.ok) return null;
    const standing = standingOf(text.value.text, agreed);
    return { id, title: text.value.title ?? 'Untitled', standing, copies: copies.length };
  }
}

interface Agreed {
  readonly promotion: Promotion | null;
  /** Null while the version has not come here. */
  readonly text: string | null;
}

async function agreedText({ space, group }: HeldSpace, artifact: string): Promise<Agreed> {
  const promotion = group?.log.tip().promoted.get(artifact) ?? null;
  if (promotion === null) return { promotion, text: null };
  const document = branchId(promotion.branch, artifact);
  const read = await space.versions(document, (shelf) =>
    shelf.readVersion(document, promotion.heads.map(toHex)),
  );
  // The projection of this kind of document.
  return { promotion, text: read.ok ? (read.value as ArtifactDocument).text : null };
}

function standingOf(text: string, { promotion, text: agreed }: Agreed): TextStanding {
  if (promotion === null) return 'draft';
  return agreed === text ? 'agreed' : 'changed';
}

function mayWrite({ group }: HeldSpace, { signer }: Profile): boolean {
  const role = group === null ? null : roleOf(group.log.tip(), signer.publicKey);
  const target = { kind: 'change', document: artifactId('any') } as const;
  return role !== null && roleMayWrite(role, target);
}

interface Names {
  ofDevice(device: string): string;
  ofActor(actor: string): string;
  ofPerson(key: string): string;
  readonly own: string;
}

async function namesOf({ space, group }: HeldSpace, profile: Profile): Promise<Names> {
  const members = await space.members();
  const ofDevice = (device: string) => members.get(device)?.name ?? SOMEONE;
  const devices = group?.log.tip().devices ?? new Map<string, { readonly person: string }>();
  return {
    ofDevice,
    ofActor: (actor) => ofDevice(space.authorOfActor(actor) ?? ''),
    ofPerson: (key) => {
      const device = [...devices].find(([id, { person }]) => person === key && members.has(id));
      return device === undefined ? SOMEONE : ofDevice(device[0]);
    },
    own: profile.name,
  };
}

function summarise({ id, where, document }: Copy, names: Names): CopySummary {
  const by = where === 'private' ? names.own : names.ofActor(document.creator ?? '');
  return { id, name: document.name ?? 'Copy', where, by };
}

function copyView(
  copy: Copy,
  text: ArtifactDocument,
  { agreed, names }: { readonly agreed: Agreed; readonly names: Names },
): CopyView {
  const { base, text: own } = copy.document;
  return {
    ...summarise(copy, names),
    isAgreed: agreed.promotion?.branch === copy.id && agreed.text === own,
    changes: stretchesOf(base, own),
    behind: countChanges(base, text.text),
  };
}

/** The two versions as one run of what stayed, went and came. */
export function stretchesOf(before: string, after: string): Stretch[] {
  const stretches: Stretch[] = [];
  const add = (kind: Stretch['kind'], text: string): void => {
    if (text !== '') stretches.push({ kind, text });
  };
  let at = 0;
  for (const { start, end, text } of editsBetween(before, after)) {
    add('same', before.slice(at, start));
    add('gone', before.slice(start, end));
    add('new', text);
    at = end;
  }
  add('same', before.slice(at));
  return stretches;
}

function proposalView(
  held: HeldSpace,
  { promotion, by, approvals }: Proposal,
  { copies, names, profile }: { copies: readonly Copy[]; names: Names; profile: Profile },
): ProposalView {
  const state = held.group?.log.tip();
  const needed = state === undefined ? 1 : approvalsNeeded(state);
  const own = state?.devices.get(toHex(profile.signer.publicKey))?.person ?? '';
  const copy = copies.find(({ id }) => id === promotion.branch);
  return {
    branch: promotion.branch,
    name: copy?.document.name ?? 'A copy',
    by: names.ofDevice(by),
    approvedBy: [...approvals.keys()].map((person) => names.ofPerson(person)),
    needed,
    mayApprove: mayWrite(held, profile) && !approvals.has(own),
    waitingFor: waitingWords(state, needed - approvals.size, names),
  };
}

function waitingWords(state: ControlState | undefined, missing: number, names: Names): string {
  if (missing === 1) return 'Waiting for one more person to approve.';
  if (missing > 1) return `Waiting for ${missing} more people to approve.`;
  const stewards = [...(state?.persons ?? [])].filter(([, { role }]) => role === 'steward');
  const who = stewards.map(([person]) => names.ofPerson(person));
  return `Enough people approve. Waiting for ${who.slice(0, 3).join(', ')} to confirm.`;
}
