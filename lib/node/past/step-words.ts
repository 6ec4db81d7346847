// A step of a space's history in a person's words: who did it, for which agent and under which permission, and what.
import { didOfKey } from '../../identity/did-key.ts';
import type { ChangedView, HistoryRow } from '../../messaging/past.ts';
import type { Hand } from '../../messaging/panel-state.ts';
import type { ControlState } from '../../group/control-state.ts';
import type { HistoryStep } from '../../space/history.ts';
import type { Member } from '../../space/members.ts';
import { ANNOUNCE } from '../../space/members.ts';
import type { ObjectChange } from '../../space/object-changes.ts';
import type { Act } from '../../wire/control-act.ts';
import { hueOf, huesOf } from '../hue.ts';
import { LOBBY } from '../lobby-words.ts';
import { PROVENANCE } from '../transfer/provenance.ts';

/** Who was ever in a space, by device (hex). */
export interface Cast {
  readonly members: ReadonlyMap<string, Member>;
  readonly hues: ReadonlyMap<string, number>;
  /** By height. */
  readonly groups: readonly ControlState[];
  /** A grant's id in words; null when it is not known here. */
  readonly grantWords: (grant: string) => string | null;
}

export function castOf(
  members: ReadonlyMap<string, Member>,
  groups: readonly ControlState[],
  grantWords: Cast['grantWords'],
): Cast {
  return { members, hues: huesOf(members.values()), groups, grantWords };
}

const UNKNOWN_NAME = 'Someone';

export function handOfStep({ members, hues }: Cast, step: HistoryStep): Hand {
  const device = step.deed.kind === 'control' ? step.deed.by : step.author;
  const member = members.get(device);
  const did = member?.person ?? '';
  const name = member?.name ?? UNKNOWN_NAME;
  const hue = hues.get(did) ?? hueOf(device);
  const { agent } = step;
  if (agent === null) return { did, name, hue, kind: 'person', onBehalfOf: null };
  return { did: agent.did, name: agent.name || 'An agent', hue, kind: 'agent', onBehalfOf: name };
}

export function permissionWords(cast: Cast, step: HistoryStep): string | null {
  if (step.agent === null) return null;
  const known = cast.grantWords(step.agent.grant);
  return (
    known ?? `under a permission that ${handOfStep(cast, step).onBehalfOf ?? UNKNOWN_NAME} gave`
  );
}

type Words = Pick<HistoryRow, 'verb' | 'object' | 'changes'>;

export function deedWords(cast: Cast, step: HistoryStep, changes: readonly ObjectChange[]): Words {
  const { deed } = step;
  if (deed.kind === 'change') return changeWords(deed.document, changes);
  if (deed.kind === 'control') return { ...actsWords(cast, deed.acts, step.seq), changes: [] };
  return { ...eventWords(cast, step, deed.event), changes: [] };
}

function changeWords(document: string, changes: readonly ObjectChange[]): Words {
  const viewed = changes.flatMap(viewOf);
  const [first] = viewed;
  if (document === 'board')
    return { verb: 'named the space', object: first?.after ?? '', changes: viewed };
  if (first === undefined) return { verb: 'changed', object: 'a page', changes: [] };
  if (viewed.length > 1) {
    const isNew = viewed.every(({ before }) => before === null);
    const object = `${viewed.length} notes`;
    return { verb: isNew ? 'brought over' : 'changed', object, changes: viewed };
  }
  return { verb: verbOf(first), object: `“${first.about ?? ''}”`, changes: viewed };
}

function verbOf({ before, after }: ChangedView): string {
  if (before === null) return 'annotated';
  return after === null ? 'removed the note on' : 'changed the note on';
}

/** Of a page's own facts nothing is said: they come with the first note on it. */
function viewOf({ object, before, after }: ObjectChange): ChangedView[] {
  if (object === null) {
    const [old, recent] = [textAt(before, 'name'), textAt(after, 'name')];
    return old === recent ? [] : [{ about: null, before: old, after: recent }];
  }
  const about = quoteIn(after ?? before);
  return [{ about, before: textAt(before, 'note'), after: textAt(after, 'note') }];
}

function textAt(reading: Readonly<Record<string, unknown>> | null, key: string): string | null {
  const value = reading?.[key];
  return typeof value === 'string' ? value : null;
}

function quoteIn(reading: Readonly<Record<string, unknown>> | null): string {
  const target = reading?.['target'];
  const quote = isRecord(target) ? target['quote'] : null;
  const exact = isRecord(quote) ? quote['exact'] : null;
  return typeof exact === 'string' ? exact : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function eventWords({ members }: Cast, step: HistoryStep, event: string): Omit<Words, 'changes'> {
  switch (event) {
    case ANNOUNCE:
      return { verb: 'said their name:', object: members.get(step.author)?.name ?? UNKNOWN_NAME };
    case LOBBY:
      return { verb: 'opened', object: 'a way in for people with an invite' };
    case PROVENANCE:
      return { verb: 'made this space from', object: 'another one' };
    default:
      return { verb: 'recorded', object: event };
  }
}

function actsWords(cast: Cast, acts: readonly Act[], height: number): Omit<Words, 'changes'> {
  if (height === 1) return { verb: 'made', object: 'the space' };
  const said = [...newcomers(cast, height), ...acts.flatMap((act) => actWords(cast, act) ?? [])];
  return { verb: 'decided:', object: said.join(', ') || 'new keys' };
}

function newcomers(cast: Cast, height: number): string[] {
  const [before, after] = [cast.groups[height - 1], cast.groups[height]];
  const came = [...(after?.persons ?? [])].filter(([id]) => before?.persons.has(id) === false);
  return came.map(([, { key }]) => `${personName(cast, key)} comes in`);
}

const ROLE_WORDS = {
  steward: 'decides who is in',
  editor: 'may read and write',
  commenter: 'may read and annotate',
  reader: 'may only read',
} as const;

/** Null for who comes in, which the group itself tells with a name. */
function actWords(cast: Cast, act: Act): string | null {
  switch (act.kind) {
    case 'add':
      return null;
    case 'add_device':
      return 'a device comes in';
    case 'revoke_device':
      return 'a device goes';
    case 'remove':
    case 'leave':
      return `${personName(cast, act.person)} goes`;
    case 'role':
      return `${personName(cast, act.person)} ${ROLE_WORDS[act.role]}`;
    case 'policy':
      return act.policy.admit === 'by_invite'
        ? 'an invite is enough to come in'
        : 'someone looks at each request to come in';
    case 'voter':
      return 'which device votes';
    case 'extend_frontier':
      return 'late work of someone who went counts';
    case 'fork_cut':
      return 'which of two histories counts';
    case 'checkpoint':
      return 'a checkpoint';
    case 'promote':
      return 'a draft becomes the common version';
  }
}

function personName({ members }: Cast, key: Uint8Array): string {
  const did = didOfKey(key);
  return [...members.values()].findLast(({ person }) => person === did)?.name ?? UNKNOWN_NAME;
}
