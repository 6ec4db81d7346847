// Carries entries from one replica to another as sync would, without a channel between them.
import type { Replica } from '../../lib/log/replica.ts';

/** All that `from` has and `to` lacks, or only up to a seq for one author. */
export async function carry(
  from: Replica,
  to: Replica,
  space: string,
  only?: { readonly author: string; readonly until: number },
): Promise<void> {
  for (const [author, head] of await from.heads(space)) {
    if (only !== undefined && only.author !== author) continue;
    const have = (await to.heads(space)).get(author)?.seq ?? 0;
    const until = Math.min(head.seq, only?.until ?? Infinity);
    const limits = { maxEntries: Math.max(0, until - have), maxBytes: Infinity };
    const entries = await from.read(space, author, have + 1, limits);
    await to.accept(
      space,
      entries.map(({ bytes }) => bytes),
    );
  }
}
