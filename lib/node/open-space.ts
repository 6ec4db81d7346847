// Opens a space from what is kept of it: its group, its keys, its log. The home space is made when there is none.
import { archivedKeys } from '../group/archived-keys.ts';
import { createSpaceSnapshots } from '../space/snapshot/space-snapshot.ts';
import { createSpace } from '../space/space.ts';
import { fromHex } from '../wire/bytes.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { HeldSpace, HomeSpace, SpacesOptions } from './held-space.ts';
import { obtainHomeRecord } from './home-record.ts';
import { openGroup } from './space-group.ts';
import type { SpaceRecord } from './space-record.ts';

export interface OwnSpacesOptions extends SpacesOptions {
  /** The first decision in a home space that was just made. */
  readonly beginHome: (home: HeldSpace) => Promise<Result<unknown>>;
}

export async function openSpace(
  { records, replica, documents, now, profile, controlLogs, own }: SpacesOptions,
  record: SpaceRecord,
): Promise<HomeSpace> {
  const bytes = fromHex(record.id);
  const log = await controlLogs.of(record.id);
  const opening = log === null ? null : openGroup({ record, log, profile: profile(), records });
  const group = await opening;
  if (bytes === null || group === null) throw new Error(`the space ${record.id} has no beginning`);
  const keys = record.archive === undefined ? group.keys : archivedKeys(record.archive.keys);
  const snapshots = createSpaceSnapshots(records, record.id);
  const { signer } = profile();
  const parts = { keys, control: group, signer, replica, documents, now, snapshots, own };
  return { record, keys, group, space: createSpace({ space: bytes, ...parts }) };
}

/** Failures as of the first decision in it. */
export async function openHome(options: OwnSpacesOptions): Promise<Result<HomeSpace>> {
  const { records, profile, now, replica, beginHome } = options;
  const record = await obtainHomeRecord(records, profile(), now());
  if (!record.ok) return record;
  const { home } = profile();
  if (home !== null) await replica.accept(record.value.id, home.control);
  const held = await openSpace(options, record.value);
  // Also after a first start that ended before this was decided.
  const begun = held.group.log.tip().height === 0 ? await beginHome(held) : ok(null);
  return begun.ok ? ok(held) : begun;
}
