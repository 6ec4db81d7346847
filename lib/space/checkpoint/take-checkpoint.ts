// Takes all that a checkpoint says into the content of a space, as the log would have brought it.
import { toHex } from '../../wire/bytes.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { Intake } from '../intake.ts';
import type { OpenedEntry } from '../opened-entry.ts';
import type { SpaceContent } from '../space-content.ts';
import type { ReadCheckpoint } from './read-checkpoint.ts';

/** What of it counts. Both `reader` and `content` are of no more use after a failure; failures as of the entries. */
export async function takeCheckpoint(
  checkpoint: ReadCheckpoint,
  reader: Intake,
  content: SpaceContent,
): Promise<Result<readonly OpenedEntry[]>> {
  const all: OpenedEntry[] = [];
  for (const part of checkpoint.entries()) {
    if (!part.ok) {
      content.shelf.close();
      return part;
    }
    const entries = part.value.map(({ header, hash, body }) => ({
      header,
      hash,
      body: 'open' in body ? body.open : null,
    }));
    for (const entry of reader.takeOpen(entries)) {
      all.push(entry);
      await content.take(entry);
    }
    await pause();
  }
  return ok(all);
}

/** Whether more was read already than a checkpoint holds. */
export function isAhead(reader: Intake, { head }: ReadCheckpoint): boolean {
  return head.logs.some(({ author, count }) => reader.takenOf(toHex(author)) > count);
}

/** Lets others have a turn. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

export const CLOSED = fail('closed', 'The space was left.', 'Nothing is to be done.');

export const AHEAD = fail(
  'conflict',
  'More of this space was read already than its checkpoint holds.',
  'Nothing is to be done.',
);
