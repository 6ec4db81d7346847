// "What just happened": one list from what the log proves, newest first.
import { didOfKey } from '../identity/did-key.ts';
import type { AgentSummary } from '../authority/views.ts';
import type { FileView } from '../messaging/file-view.ts';
import type { ActivityView, Hand } from '../messaging/panel-state.ts';
import type { Member } from '../space/members.ts';
import type { Receipt } from '../wire/authority.ts';
import { decodeGenesis } from '../wire/space-genesis.ts';
import { hueOf, huesOf } from './hue.ts';
import type { PageAnnotations, PlacedAnnotation } from './page-annotations.ts';
import type { Profile } from './profile.ts';
import type { HeldSpace } from './held-space.ts';

const MAX_ROWS = 100;
const MAX_OBJECT_CHARS = 80;

export interface ActivitySources {
  readonly held: HeldSpace | null;
  readonly annotations: PageAnnotations;
  readonly files: readonly FileView[];
  readonly receipts: readonly Receipt[];
  readonly agents: readonly AgentSummary[];
  readonly profile: Profile;
  /** This person's, where the list is shown. */
  readonly hue: number;
}

export async function readActivity(sources: ActivitySources): Promise<ActivityView[]> {
  const { held, annotations } = sources;
  const marks = held === null ? [] : await annotations.ofSpace(held);
  const rows = [
    ...marks.map((placed) => annotated(placed)),
    ...(held === null ? [] : await arrivals(held)),
    ...sources.files.map((file) => addedFile(file)),
    ...sources.receipts
      .filter((receipt) => receipt.tool !== 'annotate' || receipt.outcome !== 'ok')
      .map((receipt) => acted(receipt, sources)),
  ];
  return rows.toSorted((a, b) => b.at - a.at).slice(0, MAX_ROWS);
}

function annotated(placed: PlacedAnnotation): ActivityView {
  const { annotation, title } = placed;
  const { exact } = annotation.target.quote;
  return row({
    id: `annotation:${annotation.id}`,
    at: annotation.createdAt,
    hand: handOf(placed),
    verb: 'annotated',
    object: `“${shortened(exact)}”`,
    where: shortened(title),
  });
}

function addedFile({ id, name, by, addedAt }: FileView): ActivityView {
  const object = shortened(name);
  return row({ id: `file:${id}`, at: addedAt, hand: by, verb: 'added', object, where: '' });
}

/** One row per person, when the first of their devices came. */
async function arrivals(held: HeldSpace): Promise<ActivityView[]> {
  const members = [...(await held.space.members()).values()];
  const hues = huesOf(members);
  const first = new Map<string, Member>();
  for (const member of members.toSorted((a, b) => a.since - b.since)) {
    if (!first.has(member.person)) first.set(member.person, member);
  }
  const creator = creatorOf(held);
  return [...first.values()].map(({ person, name, since }) => {
    const hue = hues.get(person) ?? hueOf(person);
    return row({
      id: `arrival:${person}`,
      at: since,
      hand: { did: person, name, hue, kind: 'person', onBehalfOf: null },
      verb: person === creator ? 'made' : 'joined',
      object: held.record.name,
      where: '',
    });
  });
}

function creatorOf({ record }: HeldSpace): string | null {
  const genesis = decodeGenesis(record.genesis);
  return genesis.ok ? didOfKey(genesis.value.creator) : null;
}

const OUTCOMES = { ok: 'done', failed: 'failed', refused: 'refused', unknown: 'failed' } as const;

function acted(receipt: Receipt, { agents, profile, hue }: ActivitySources): ActivityView {
  const agent = agents.find(({ did }) => did === receipt.agent);
  const isDone = receipt.outcome === 'ok';
  const times = receipt.count > 1 ? ` (${receipt.count} times)` : '';
  return {
    ...row({
      id: `receipt:${receipt.agent}:${receipt.at}:${receipt.reservation ?? ''}`,
      at: receipt.at,
      hand: {
        did: receipt.agent,
        name: agent?.name ?? 'An agent',
        hue,
        kind: 'agent',
        onBehalfOf: profile.name,
      },
      verb: isDone ? asVerb(receipt.summary) : 'tried',
      object: isDone ? times.trim() : `${receipt.tool}${times}`,
      where: receipt.origin === undefined ? '' : hostOf(receipt.origin),
    }),
    permission: costOf(receipt),
    outcome: receipt.code === 'stopped' ? 'stopped' : OUTCOMES[receipt.outcome],
    detail: isDone ? null : receipt.summary,
  };
}

function costOf({ charged }: Receipt): string | null {
  const parts = [
    charged.reads > 0 && `${charged.reads} read`,
    charged.writes > 0 && `${charged.writes} write`,
  ];
  return parts.filter((part) => part !== false).join(', ') || null;
}

export function handOf({ annotation, person, name, hue }: PlacedAnnotation): Hand {
  const { agent } = annotation;
  return agent === null
    ? { did: person ?? '', name, hue, kind: 'person', onBehalfOf: null }
    : { did: agent.did, name: agent.name || 'An agent', hue, kind: 'agent', onBehalfOf: name };
}

function row(
  facts: Pick<ActivityView, 'id' | 'at' | 'hand' | 'verb' | 'object' | 'where'>,
): ActivityView {
  return { ...facts, permission: null, outcome: 'done', detail: null, tentative: false };
}

/** "Clicked “Save”." as a verb after a name: "clicked “Save”". */
function asVerb(summary: string): string {
  return summary.charAt(0).toLowerCase() + summary.slice(1).replace(/\.$/, '');
}

function hostOf(origin: string): string {
  return URL.parse(origin)?.host ?? origin;
}

function shortened(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MAX_OBJECT_CHARS ? `${flat.slice(0, MAX_OBJECT_CHARS - 1)}…` : flat;
}
