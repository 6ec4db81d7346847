// What this device has voted for, written before it says so, one space and height at a time.
import type { VoteMemory, VoteRecord } from '../group/voting.ts';
import { createMutex } from '../log/mutex.ts';
import type { RecordStore } from '../store/record-store.ts';
import { toHex } from '../wire/bytes.ts';
import { failureOf } from '../wire/failure.ts';

const VOTES = 'votes';

export function createVoteMemory(records: RecordStore): VoteMemory {
  const inTurn = createMutex();
  return {
    change: ({ space, height }, decide) =>
      inTurn(async () => {
        const key = `${toHex(space)}:${height}`;
        // Only this file writes these records.
        const held = ((await records.get(VOTES, key)) as VoteRecord | undefined) ?? null;
        const next = decide(held);
        if (!next.ok) return next;
        try {
          await records.put(VOTES, key, next.value);
          return next;
        } catch (error) {
          return { ok: false, failure: failureOf(error) };
        }
      }),
  };
}
