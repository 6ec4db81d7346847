// What a removed person's device wrote beyond the end that the removal set: stewards may take it in after all, or leave it.
import type { KeyId } from '../group/control-state.ts';
import { extendsLog } from '../group/motion.ts';
import type { Replica } from '../log/replica.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fromHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import { saidGoodbye } from './leave-words.ts';
import type { Stewardship } from './stewardship.ts';

export interface LateWork {
  /** Key of the device, hex. */
  readonly device: KeyId;
  readonly person: KeyId;
  readonly count: number;
  /** Where its log ends now. */
  readonly seq: number;
  readonly hash: Uint8Array;
}

export interface LateWorkParts {
  readonly replica: Replica;
  readonly records: RecordStore;
  readonly stewardship: Stewardship;
}

const LEFT_OUT = 'left-out';

/** What this person has not left out already, and what is not proposed yet. */
export async function lateWorkIn(
  { replica, records, stewardship }: LateWorkParts,
  held: HeldSpace,
): Promise<readonly LateWork[]> {
  const state = held.group?.log.tip();
  if (state === undefined || state.gone.size === 0 || !stewardship.isSteward(held)) return [];
  const heads = await replica.heads(held.record.id);
  const goodbyes = held.group === null ? new Set() : saidGoodbye(held.group.log);
  const late: LateWork[] = [];
  for (const [device, { seq: end, person }] of state.gone) {
    const head = heads.get(device);
    if (head === undefined || head.seq <= end || goodbyes.has(device)) continue;
    const left = await records.get(LEFT_OUT, keyOf(held, device));
    // Only this file writes these records.
    const from = Math.max(end, typeof left === 'number' ? left : 0);
    const council = stewardship.council(held);
    const isProposed = council?.isProposed((entry) => extendsLog(entry, device)) === true;
    if (head.seq <= from || isProposed) continue;
    late.push({ device, person, count: head.seq - end, seq: head.seq, hash: head.hash });
  }
  return late;
}

/** Puts it before the stewards to take it in, or leaves it out. Failure `not_found`: there is nothing more. */
export async function answerLateWork(
  parts: LateWorkParts,
  held: HeldSpace,
  { device, take }: { readonly device: KeyId; readonly take: boolean },
): Promise<Result<unknown>> {
  const late = (await lateWorkIn(parts, held)).find((work) => work.device === device);
  const key = fromHex(device);
  if (late === undefined || key === null) return NOTHING_LATE;
  const { seq, hash } = late;
  if (take) {
    const frontier = { device: key, seq, hash };
    return parts.stewardship.propose(held, [{ kind: 'extend_frontier', frontier }]);
  }
  await parts.records.put(LEFT_OUT, keyOf(held, device), seq);
  return ok(null);
}

function keyOf({ record }: HeldSpace, device: KeyId): string {
  return `${record.id}:${device}`;
}

const NOTHING_LATE = fail(
  'not_found',
  'Nothing of this device waits to be taken in any more.',
  'Look at the space again.',
);
