// Where a space comes from, as a panel says it: opened from a file, or made out of another space.
import type { ArchiveView, OriginView } from '../../messaging/origin-state.ts';
import type { Member } from '../../space/members.ts';
import type { HeldSpace } from '../held-space.ts';
import { provenanceOf } from './provenance.ts';

export function archiveView(
  { record }: HeldSpace,
  members: ReadonlyMap<string, Member>,
): ArchiveView | null {
  const { archive } = record;
  if (archive === undefined) return null;
  const maker = [...members.values()].findLast(({ person }) => person === archive.exportedBy);
  return { exportedAt: archive.exportedAt, by: maker?.name ?? 'someone who is not in it' };
}

export async function originView(held: HeldSpace): Promise<OriginView | null> {
  const provenance = await provenanceOf(held);
  return provenance && { name: provenance.name, asOf: provenance.asOf };
}
