// The words for a person's own devices.
import type { DeviceView } from '../messaging/panel-state.ts';
import { counted, timeAgo } from './words.ts';

export function deviceWhereabouts(device: DeviceView, now: number): string {
  const { isThisBrowser, isHere, addedAt, removedAt } = device;
  if (removedAt !== null) return `removed ${timeAgo(removedAt, now)}`;
  const where = isThisBrowser ? 'this browser' : isHere ? 'here now' : 'not here now';
  return `${where} · added ${timeAgo(addedAt, now)}`;
}

/** What its agents may do there, or null when it has none. */
export function agentsOfDevice({ agents }: DeviceView): string | null {
  if (agents.length === 0) return null;
  const active = agents.filter(({ status }) => status === 'active').map(({ name }) => name);
  const known = `${counted(agents.length, 'agent')} known there`;
  return active.length === 0
    ? `${known}, none may act.`
    : `${known}; may act: ${active.join(', ')}.`;
}
