// What this browser keeps of the home space: made here on the first start, or handed over by another device.
import { spaceIdOf } from '../log/space-id.ts';
import type { RecordStore } from '../store/record-store.ts';
import { toHex } from '../wire/bytes.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Profile } from './profile.ts';
import { newSpaceRecord, type SpaceRecord } from './space-record.ts';

const HOME = 'home';
const SPACE = 'space';

export async function readHomeRecord(records: RecordStore): Promise<SpaceRecord | null> {
  // Only this file writes this record.
  return ((await records.get(HOME, SPACE)) as SpaceRecord | undefined) ?? null;
}

export function keepHomeRecord(records: RecordStore, record: SpaceRecord): Promise<void> {
  return records.put(HOME, SPACE, record);
}

/** The record, written when there is none yet. */
export async function obtainHomeRecord(
  records: RecordStore,
  profile: Profile,
  now: number,
): Promise<Result<SpaceRecord>> {
  const stored = await readHomeRecord(records);
  if (stored !== null) return ok(stored);
  const made = await firstRecord(profile, now);
  if (made.ok) await keepHomeRecord(records, made.value);
  return made;
}

async function firstRecord({ person, home }: Profile, now: number): Promise<Result<SpaceRecord>> {
  if (home === null) return newSpaceRecord({ creator: person, name: 'Home', relay: null, now });
  const { genesis, relay } = home;
  const names = { name: 'Home', joinedAt: now, invitedBy: null };
  return ok({
    id: toHex(spaceIdOf(genesis)),
    genesis,
    secret: null,
    passes: [],
    relay,
    ...names,
  });
}
