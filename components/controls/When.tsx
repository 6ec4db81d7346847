// A time in words; the exact one on hover.
import { exactTime, timeAgo } from '../../lib/view/words.ts';

export function When({ at, now }: { readonly at: number; readonly now: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {timeAgo(at, now)}
    </time>
  );
}
