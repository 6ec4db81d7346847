// What stewards decided, at the moment at which it has been stored.
import type { ForkProof } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import type { ControlCheck, LogEntry } from './log-entry.ts';

/** What the stewards decided counts from the moment at which it is durable, here and as a proof against them. */
export async function settleDecisions(
  control: ControlCheck | null,
  space: string,
  entries: readonly LogEntry[],
  forks: readonly ForkProof[],
): Promise<void> {
  const decisions = entries.filter(({ header }) => toHex(header.author) === space);
  const rivals = forks.flatMap(({ author, second }) => {
    const rival = author === space ? control?.read(second) : null;
    return rival?.ok === true ? [rival.value] : [];
  });
  if (decisions.length + rivals.length > 0) await control?.stored(space, [...decisions, ...rivals]);
}
