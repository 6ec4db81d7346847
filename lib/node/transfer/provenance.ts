// Where a space comes from that was made out of another one: said in it by who made it, as one of its first entries.
import { didOfKey } from '../../identity/did-key.ts';
import type { VersionVector } from '../../log/version-vector.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { isBytes, isCount, type CborValue } from '../../wire/cbor.ts';
import { decodeGenesis } from '../../wire/space-genesis.ts';
import type { OpenedEntry } from '../../space/opened-entry.ts';
import type { HeldSpace } from '../held-space.ts';

export const PROVENANCE = 'provenance';
/** A cut through more logs than this is named by its digest alone. */
const MAX_POINTS = 2048;
const MAX_NAME_CHARS = 80;

export interface Provenance {
  /** Id of the space that it was made from, hex. */
  readonly space: string;
  /** What that was called. */
  readonly name: string;
  /** When its newest step within the cut was made, by that author's clock. */
  readonly asOf: number;
  /** Names the cut: digest of its points. */
  readonly digest: Uint8Array;
  /** Names the file that it was opened from, hex; null where it was held as a member. */
  readonly file: string | null;
}

export function provenanceWords(provenance: Provenance, cut: VersionVector): CborValue {
  const points = [...cut].map(([author, seq]) => [fromHex(author) ?? new Uint8Array(), seq]);
  return {
    space: fromHex(provenance.space) ?? new Uint8Array(),
    name: provenance.name.slice(0, MAX_NAME_CHARS),
    asOf: provenance.asOf,
    digest: provenance.digest,
    cut: points.length > MAX_POINTS ? null : points,
    file: provenance.file === null ? null : fromHex(provenance.file),
  };
}

/** What the maker of a space has said of where it comes from; null for one that was begun empty. */
export async function provenanceOf({ space, record }: HeldSpace): Promise<Provenance | null> {
  const genesis = decodeGenesis(record.genesis);
  if (!genesis.ok) return null;
  const creator = didOfKey(genesis.value.creator);
  const members = await space.members();
  for (const entry of await space.events()) {
    if (members.get(entry.author)?.person !== creator) continue;
    const said = provenanceIn(entry);
    if (said !== null) return said;
  }
  return null;
}

function provenanceIn({ body }: OpenedEntry): Provenance | null {
  if (body.kind !== 'event' || body.event !== PROVENANCE) return null;
  const { payload } = body;
  if (typeof payload !== 'object' || payload === null) return null;
  const { space, name, asOf, digest, file } = payload as Record<string, unknown>;
  if (!isBytes(space, 32) || !isBytes(digest, 32) || !isCount(asOf)) return null;
  if (typeof name !== 'string' || name.length > MAX_NAME_CHARS) return null;
  const named = isBytes(file, 32) ? toHex(file) : null;
  return { space: toHex(space), name, asOf, digest, file: named };
}
