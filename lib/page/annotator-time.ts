// Times as a reader says them, and exactly.

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 hours ago", in the reader's language. A clock ahead of ours reads as now. */
export function relativeTime(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - atMs) / 1000);
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  const unit = UNITS.find(([, length]) => seconds >= length);
  if (unit === undefined) return format.format(0, 'second');
  return format.format(-Math.floor(seconds / unit[1]), unit[0]);
}

export function exactTime(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}
