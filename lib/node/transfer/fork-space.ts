// Makes a new space out of what another one held at a cut: new keys, this person its steward, and in it what was there,
// each thing with the name of whose it was. Asks nobody, so that no space can be held back from those who read it.
import { didOfKey } from '../../identity/did-key.ts';
import { hashOf } from '../../identity/hash.ts';
import type { VersionVector } from '../../log/version-vector.ts';
import type { CarriedAnnotation, PageDocument } from '../../space/documents/page.ts';
import { MAX_CARRIED } from '../../space/documents/page-limits.ts';
import type { LookBack, Moment } from '../../space/look-back.ts';
import type { Space } from '../../space/space.ts';
import { fromHex, utf8 } from '../../wire/bytes.ts';
import { encodeCbor } from '../../wire/cbor.ts';
import { ok, type Result } from '../../wire/failure.ts';
import type { Desk } from '../desk.ts';
import type { HeldSpace } from '../held-space.ts';
import { PROVENANCE, provenanceWords } from './provenance.ts';

type ForkParts = Pick<Desk, 'spaces' | 'stewardship' | 'admissions' | 'lobbies'> & {
  readonly settings: Pick<Desk['settings'], 'relay'>;
};

/** What one change may take, with room for what Automerge adds. */
const MAX_CARRIED_BYTES = 96 * 1024;

/** `after`: so many steps of the history; all of them when null. Failures: as of reading, and of making a space. */
export async function forkSpace(
  desk: ForkParts,
  source: HeldSpace,
  {
    name,
    after,
    past,
  }: { readonly name: string; readonly after: number | null; readonly past: LookBack },
): Promise<Result<HeldSpace>> {
  const { spaces, settings, stewardship, admissions, lobbies } = desk;
  const { steps } = past.history;
  const moment = past.after(after ?? steps.length);
  const relay = settings.relay();
  const made = await spaces.create(name, relay, stewardship.begin);
  if (!made.ok) return made;
  const filled = await fill(made.value.space, source, moment, past);
  if (!filled.ok) {
    await spaces.leave(made.value.record.id);
    return filled;
  }
  await admissions.lobbyOf(lobbies, made.value, relay);
  return made;
}

async function fill(
  space: Space,
  source: HeldSpace,
  moment: Moment,
  past: LookBack,
): Promise<Result<null>> {
  const said = await space.record(PROVENANCE, wordsOf(source, moment));
  if (!said.ok) return said;
  for (const document of moment.documents().filter((id) => id.startsWith('page/'))) {
    const read = await moment.read(document);
    if (!read.ok) return read;
    // The projection of a document of this kind.
    const carried = await carryPage(
      space,
      document,
      read.value as PageDocument,
      nameIn(moment, past),
    );
    if (!carried.ok) return carried;
  }
  return ok(null);
}

function wordsOf({ record }: HeldSpace, moment: Moment) {
  const asOf = moment.steps().reduce((newest, { at }) => Math.max(newest, at), 0);
  const { id: space, name, archive } = record;
  const facts = { space, name, asOf, digest: digestOf(moment.cut), file: archive?.file ?? null };
  return provenanceWords(facts, moment.cut);
}

/** 32 bytes, the same for the same cut. */
export function digestOf(cut: VersionVector): Uint8Array {
  const points = [...cut].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hashOf('cut', encodeCbor(points));
}

type FirstAuthor = CarriedAnnotation['by'];

/** Whose an Automerge actor was in the old space. */
function nameIn(moment: Moment, { history }: LookBack): (actor: string) => FirstAuthor {
  const members = moment.members();
  return (actor) => {
    const device = history.authors.get(actor) ?? '';
    const member = members.get(device);
    const key = fromHex(device);
    const did = key?.length === 32 ? didOfKey(key) : '';
    return { did: member?.person ?? did, name: member?.name ?? 'Someone' };
  };
}

async function carryPage(
  space: Space,
  document: string,
  { url, title, annotations }: PageDocument,
  firstAuthor: (actor: string) => FirstAuthor,
): Promise<Result<null>> {
  if (url === null) return ok(null);
  const carried = annotations.map(({ creator, by, ...rest }): CarriedAnnotation => ({
    ...rest,
    by: by ?? firstAuthor(creator),
  }));
  for (const batch of batchesOf(carried)) {
    const args = { url, title: title ?? '', annotations: batch };
    const changed = await space.change({ document, verb: 'carry', args });
    if (!changed.ok) return changed;
  }
  return ok(null);
}

function batchesOf(all: readonly CarriedAnnotation[]): CarriedAnnotation[][] {
  const batches: CarriedAnnotation[][] = [];
  let bytes = Infinity;
  for (const one of all) {
    const size = utf8(JSON.stringify(one)).length;
    const batch = batches.at(-1);
    if (batch === undefined || bytes + size > MAX_CARRIED_BYTES || batch.length >= MAX_CARRIED) {
      batches.push([one]);
      bytes = size;
    } else {
      batch.push(one);
      bytes += size;
    }
  }
  return batches;
}
