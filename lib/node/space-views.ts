// The shared spaces as a panel lists them: people and where they are, what is not sent yet, what is wrong.
import { NO_GROUP_VIEW } from '../messaging/group-view.ts';
import type { PersonView, SpaceView } from '../messaging/panel-state.ts';
import { roleOf } from '../group/control-state.ts';
import type { Member } from '../space/members.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { fail, type Failure } from '../wire/failure.ts';
import type { ForkProof } from '../store/entry-store.ts';
import { readGroup } from './decision-views.ts';
import { frozenBy } from './frozen-words.ts';
import type { Desk } from './desk.ts';
import { forkedWords } from './fork-words.ts';
import { DECLINED, waitingWords, type VisitedLobby } from './lobby-record.ts';
import { huesOf } from './hue.ts';
import type { HeldSpace } from './held-space.ts';
import { archiveView, originView } from './transfer/origin-views.ts';

export async function readSpaces(desk: Desk): Promise<SpaceView[]> {
  const joined = await Promise.all(desk.spaces.list().map((held) => readSpace(desk, held)));
  const held = new Set(joined.map(({ id }) => id));
  const waiting = desk.lobbies.visited().filter(({ spaceId }) => !held.has(spaceId));
  return [...joined, ...waiting.map(readWaiting)];
}

/** A space that this person asked to join. */
function readWaiting(lobby: VisitedLobby): SpaceView {
  const { spaceId, spaceName, isDeclined, own } = lobby;
  return {
    id: spaceId,
    name: spaceName,
    people: [],
    unsent: 0,
    waitingFor: isDeclined ? null : waitingWords(lobby),
    annotationCount: 0,
    updatedAt: own.joinedAt,
    problem: isDeclined ? DECLINED : null,
    mayManage: false,
    admit: 'by_invite',
    requests: [],
    archive: null,
    origin: null,
    group: NO_GROUP_VIEW,
  };
}

async function readSpace(desk: Desk, held: HeldSpace): Promise<SpaceView> {
  const { id, name } = held.record;
  const [members, heads, forks, marks, newestAt] = await Promise.all([
    held.space.members(),
    desk.replica.heads(id),
    desk.replica.forks(id),
    desk.annotations.ofSpace(held),
    held.space.newestAt(),
  ]);
  const own = heads.get(toHex(desk.profile().signer.publicKey))?.seq ?? 0;
  const people = peopleOf(desk, held, members);
  return {
    id,
    name,
    people,
    unsent: Math.max(0, own - desk.sent.level(id)),
    waitingFor:
      checkingLine(desk, held) ?? (isIn(held, desk) ? waitingFor(held, people) : NOT_IN_YET),
    annotationCount: marks.length,
    updatedAt: Math.max(held.record.joinedAt, newestAt),
    problem: (await frozenBy(desk, held, members)) ?? problemOf(desk, held, forks, members),
    mayManage: held.record.archive === undefined && desk.stewardship.isSteward(held),
    admit: held.group?.log.tip().policy.admit ?? 'by_invite',
    requests: desk.lobbies
      .requests(id)
      .filter(({ isProposed }) => !isProposed)
      .map(({ device, name: asking, code }) => ({ id: device, name: asking, code })),
    archive: archiveView(held, members),
    origin: await originView(held),
    group: await readGroup(desk, held, members),
  };
}

/** One row per person who is in the space now, whatever number of devices they use. */
function peopleOf(desk: Desk, held: HeldSpace, members: ReadonlyMap<string, Member>): PersonView[] {
  const people = new Map<string, PersonView>();
  const hues = huesOf(members.values());
  for (const [device, member] of members) {
    const before = people.get(member.person);
    const role = roleIn(held, device);
    const hue = hues.get(member.person) ?? 0;
    const seen = deviceView(desk, { space: held.record.id, device, member, hue, role });
    if (role === null && !seen.me) continue;
    people.set(member.person, before === undefined ? seen : merged(before, seen));
  }
  return [...people.values()].toSorted(
    (a, b) => Number(b.me) - Number(a.me) || (a.name < b.name ? -1 : 1),
  );
}

function deviceView(
  desk: Desk,
  seen: { space: string; device: string; member: Member } & Pick<PersonView, 'hue' | 'role'>,
): PersonView {
  const { space, device, member, hue, role } = seen;
  const { person, name, since } = member;
  const me = person === desk.profile().person;
  const via = me ? null : desk.network.via(space, device);
  return {
    did: person,
    name,
    hue,
    me,
    present: me || via !== null,
    lastSeenAt: desk.network.lastHeard(space, device) ?? since,
    via,
    role,
  };
}

function roleIn({ group }: HeldSpace, device: string): PersonView['role'] {
  const key = fromHex(device);
  return group === null || key === null ? null : roleOf(group.log.tip(), key);
}

function merged(a: PersonView, b: PersonView): PersonView {
  const lastSeenAt = Math.max(a.lastSeenAt ?? 0, b.lastSeenAt ?? 0);
  const via = a.via === 'direct' || b.via === 'direct' ? 'direct' : (a.via ?? b.via);
  return { ...a, present: a.present || b.present, via, lastSeenAt, role: a.role ?? b.role };
}

/** A further device of someone may read before a steward's browser has let it in. Who was put out waits for nothing. */
function isIn({ group }: HeldSpace, desk: Desk): boolean {
  const own = toHex(desk.profile().signer.publicKey);
  const state = group?.log.tip();
  return state === undefined || state.devices.has(own) || state.gone.has(own);
}

const NOT_IN_YET =
  'Waiting for a browser of whoever manages this space to let this one in. You can read meanwhile.';

/** Someone who just joined sees nothing until another browser or the relay has sent it. */
function waitingFor({ record }: HeldSpace, people: readonly PersonView[]): string | null {
  if (record.invitedBy === null || people.some(({ me }) => !me)) return null;
  return `Waiting for ${record.invitedBy}'s browser or the relay to send it.`;
}

/** A space that was opened from a checkpoint, as long as its signatures are being looked at. */
function checkingLine({ checkpoints }: Desk, { record }: HeldSpace): string | null {
  const checking = checkpoints.checking(record.id);
  if (checking === null) return null;
  // In steps: it is read out to those who do not see it.
  const steps = checking.done - (checking.done % 500);
  const [done, total] = [steps, checking.total].map((count) => count.toLocaleString('en'));
  return `Checking the past: ${done} of ${total}`;
}

function problemOf(
  desk: Desk,
  held: HeldSpace,
  forks: readonly ForkProof[],
  members: ReadonlyMap<string, Member>,
): Failure | null {
  const device = toHex(desk.profile().signer.publicKey);
  if (held.group?.log.tip().gone.has(device) === true) return REMOVED;
  // The control log is the log whose author is the space itself: its decisions are shown with the stewards.
  const split = forks.filter(({ author }) => author !== held.record.id);
  if (split.length > 0) return forkedWords(split, members, device);
  const { count, first } = held.space.quarantined();
  if (first !== null) return unreadable(count, first);
  const dropped = desk.checkpoints.problem(held.record.id);
  return notApplied(held, members) ?? dropped ?? desk.network.refusalOf(held.record.id);
}

/** Changes that the document gate keeps out: they stay in the log, and whose they are is said. */
function notApplied({ space }: HeldSpace, members: ReadonlyMap<string, Member>): Failure | null {
  const refused = space.refused();
  const [first] = refused;
  if (first === undefined) return null;
  const authors = refused.map(({ actor }) => space.authorOfActor(actor));
  const names = new Set(authors.map((author) => members.get(author ?? '')?.name ?? 'someone'));
  const changes = refused.length === 1 ? '1 change' : `${refused.length} changes`;
  return fail(
    'malformed',
    `${changes} by ${[...names].slice(0, 3).join(', ')} could not be applied: ${first.reason}`,
    'Everything else is as it was. Their Commonplace may be faulty or out of date.',
  ).failure;
}

const REMOVED = fail(
  'permission_denied',
  'You are no longer in this space. What you have of it stays readable here.',
  'To come back, ask a steward for a new invite and open it in another browser: this one cannot return.',
).failure;

function unreadable(count: number, first: Failure): Failure {
  return {
    ...first,
    message: `${count} ${count === 1 ? 'entry' : 'entries'} of this space could not be read: ${first.message}`,
  };
}
