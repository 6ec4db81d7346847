// How times, counts and states are said. Sentence case, plain verbs. Pure.
import type { FileView } from '../messaging/file-view.ts';
import type {
  AgentView,
  GrantView,
  MeterView,
  PersonView,
  RelayView,
  SpaceView,
} from '../messaging/panel-state.ts';
import { leftOf } from './readings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const number = new Intl.NumberFormat('en');

export function timeAgo(at: number, now: number): string {
  const agoMs = now - at;
  if (agoMs < MINUTE_MS) return 'just now';
  if (agoMs < HOUR_MS) return relative.format(-Math.floor(agoMs / MINUTE_MS), 'minute');
  if (agoMs < DAY_MS) return relative.format(-Math.floor(agoMs / HOUR_MS), 'hour');
  if (agoMs < 7 * DAY_MS) return relative.format(-Math.floor(agoMs / DAY_MS), 'day');
  return day.format(at);
}

export function exactTime(at: number): string {
  return exact.format(at);
}

export function timeLeft(until: number, now: number): string {
  const leftMs = until - now;
  if (leftMs <= 0) return 'time is up';
  if (leftMs < MINUTE_MS) return 'less than a minute left';
  if (leftMs < HOUR_MS) return `${Math.ceil(leftMs / MINUTE_MS)} min left`;
  if (leftMs < 2 * DAY_MS) return `${Math.round(leftMs / HOUR_MS)} h left`;
  return `${Math.round(leftMs / DAY_MS)} days left`;
}

/** `counted(1, 'change')` is "1 change"; `counted(3, 'change')` is "3 changes". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${number.format(count)} ${count === 1 ? noun : plural}`;
}

/** Two letters at most, one from each end of the name; whole characters, whatever the script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(firstLetter);
  return letters.join('').toLocaleUpperCase('en') || '?';
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return '';
  const [segment] = new Intl.Segmenter('en').segment(word);
  return segment?.segment ?? '';
}

export function whereabouts(person: PersonView, now: number): string {
  if (person.me) return 'you';
  if (person.present) return person.via === 'relay' ? 'here now, by way of the relay' : 'here now';
  return person.lastSeenAt === null
    ? 'not seen yet'
    : `last seen ${timeAgo(person.lastSeenAt, now)}`;
}

/** What a person should know about their unsent work; null when all is sent and the relay is there. */
export function sendingLine(relay: RelayView, unsent: number): string | null {
  const changes = counted(unsent, 'change');
  if (relay.state === 'offline') {
    return unsent > 0
      ? `The relay is not reachable. ${changes} not sent yet: kept here, and sent when it is back.`
      : 'The relay is not reachable. Your work is kept here and will be sent.';
  }
  return unsent > 0 ? `${changes} not sent yet` : null;
}

export function meterWords(meter: MeterView, noun: string): string {
  if (meter.limit === 0) return `no ${noun}s`;
  return `${number.format(leftOf(meter))} of ${counted(meter.limit, noun)} left`;
}

export function sitesWords(origins: readonly string[]): string {
  if (origins.includes('*')) return 'every site';
  if (origins.length === 0) return 'no site';
  const shown = origins.slice(0, 2).map((origin) => origin.replace(/^https:\/\//, ''));
  const more = origins.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}

export function statusWords(agent: AgentView): string {
  const [running] = agent.running;
  if (running) return `Now: ${running.tool}${running.where && ` on ${running.where}`}.`;
  if (agent.status === 'active' && !agent.connected) return 'May act, but is not connected now.';
  return STATUS_WORDS[agent.status];
}

const STATUS_WORDS: Readonly<Record<AgentView['status'], string>> = {
  waiting: 'Waits for your permission.',
  active: 'May act now.',
  stopped: 'Stopped. It can do nothing until you give it permission again.',
  expired: 'Its time is up. It can do nothing until you give it permission again.',
};

export function grantWords(grant: GrantView, now: number): string {
  const limits = [meterWords(grant.reads, 'read'), meterWords(grant.writes, 'write')];
  return `${limits.join(', ')} · ${timeLeft(grant.expiresAt, now)}`;
}

export function bytesWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step] ?? ''}`;
}

/** Where a space comes from that did not begin here; null for one that did. */
export function originLine({
  archive,
  origin,
}: Pick<SpaceView, 'archive' | 'origin'>): string | null {
  if (archive !== null) {
    const made = `exported by ${archive.by} on ${day.format(archive.exportedAt)}`;
    return `An archive, ${made}. You can read it, and make a new space from it.`;
  }
  return origin && `Made from “${origin.name}”, as of ${day.format(origin.asOf)}.`;
}

/** What a role lets people do, after "may". */
export function roleWords(role: NonNullable<PersonView['role']>): string {
  return {
    steward: 'read, write and decide who is in',
    editor: 'read and write',
    commenter: 'read and annotate',
    reader: 'read only',
  }[role];
}

/** Where a file stands, where that is not plain; null otherwise. */
export function fileWords(file: FileView): string | null {
  if (file.state === 'elsewhere') return 'not in this browser yet';
  return file.state === 'here' && !file.sent ? 'not sent yet' : null;
}
