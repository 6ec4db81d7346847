// "What just happened": one list from what the log proves, newest first.
import type { AgentSummary } from '../authority/views.ts';
import type { ActivityView, Hand } from '../messaging/panel-state.ts';
import { memberOf, ANNOUNCE } from '../space/members.ts';
import type { Receipt } from '../wire/authority.ts';
import { hueOf, huesOf } from './hue.ts';
import type { PageAnnotations, PlacedAnnotation } from './page-annotations.ts';
import type { Profile } from './profile.ts';
import type { HeldSpace } from './spaces.ts';

const MAX_ROWS = 100;
const MAX_OBJECT_CHARS = 80;

export interface ActivitySources {
  readonly held: HeldSpace | null;
  readonly annotations: PageAnnotations;
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
    ...sources.receipts
      .filter((receipt) => receipt.tool !== 'annotate' || receipt.outcome !== 'ok')
      .map((receipt) => acted(receipt, sources)),
  ];
  return rows.sort((a, b) => b.at - a.at).slice(0, MAX_ROWS);
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

/** The first announcement of each person; later ones are only changes of name or new devices. */
async function arrivals(held: HeldSpace): Promise<ActivityView[]> {
  const rows = new Map<string, ActivityView>();
  const hues = huesOf((await held.space.members()).values());
  for (const entry of await held.space.entries()) {
    if (entry.body.kind !== 'event' || entry.body.event !== ANNOUNCE) continue;
    const member = await memberOf(entry);
    if (member === null || rows.has(member.person)) continue;
    const { person, name } = member;
    const hand = {
      did: person,
      name,
      hue: hues.get(person) ?? hueOf(person),
      kind: 'person',
      onBehalfOf: null,
    } as const;
    const object = held.record.name;
    rows.set(
      person,
      row({ id: entry.hash, at: entry.body.at, hand, verb: 'joined', object, where: '' }),
    );
  }
  return [...rows.values()];
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
