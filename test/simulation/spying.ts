// Someone who was put out tries to read on: with every secret they ever held, every wrap and every link of the chain.
import { deriveKey } from '../../lib/identity/hash.ts';
import { openPrevious } from '../../lib/group/epoch-secrets.ts';
import { openWrap } from '../../lib/group/wraps.ts';
import type { StoredWrapKey } from '../../lib/group/wrap-key.ts';
import type { StoredEntry } from '../../lib/store/entry-store.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { encodeCbor } from '../../lib/wire/cbor.ts';
import { decodeCertified, decodeControlEntry, type ControlEntry } from '../../lib/wire/control.ts';
import { decodeEntry, encodeAssociatedData, type RawEntry } from '../../lib/wire/entry.ts';
import { keepersOf } from './keepers.ts';
import type { World } from './scene.ts';

interface Spy {
  readonly name: string;
  readonly device: Uint8Array;
  readonly wrapKey: StoredWrapKey;
  /** What its browser held in memory. */
  readonly secrets: readonly Uint8Array[];
}

/** What those who were put out can open of what was sealed in later epochs. */
export async function readableAfterwards(world: World): Promise<string[]> {
  const { chronicle, club } = world;
  const spies = spiesIn(world);
  const [keeper] = keepersOf(world);
  if (chronicle === null || keeper === undefined || spies.length === 0) return [];
  const { logs } = keeper.disk.contents;
  const decisions = (logs.get(club.id) ?? []).flatMap(readDecision);
  const entries = [...logs].flatMap(([author, log]) => (author === club.id ? [] : log));
  const found: string[] = [];
  for (const spy of spies) {
    const secrets = await gathered(spy, decisions);
    const from = firstEpochWithout(world, spy);
    for (const entry of entries.flatMap(readEntry)) {
      if (entry.header.epoch < from || toHex(entry.header.author) === toHex(spy.device)) continue;
      if (await opens(entry, secrets)) {
        found.push(
          `${spy.name} reads ${toHex(entry.header.author).slice(0, 8)}#${entry.header.seq}`,
        );
      }
    }
  }
  return found;
}

function spiesIn({ machines, villains, chronicle }: World): Spy[] {
  const ends = chronicle?.newest().ends ?? new Map<string, unknown>();
  const honest = machines.map(({ name, author, profile, process }) => {
    const held = process?.groups?.spaces.list() ?? [];
    const secrets = held.flatMap(({ group }) => [...(group?.keys.secrets().values() ?? [])]);
    return { name, author, profile, secrets };
  });
  const hostile = villains.map(({ name, author, profile, group }) => {
    return { name, author, profile, secrets: [...(group?.keys.secrets().values() ?? [])] };
  });
  return [...honest, ...hostile]
    .filter(({ author }) => ends.has(author))
    .map(({ name, profile, secrets }) => ({
      name,
      device: profile.signer.publicKey,
      wrapKey: profile.wrapKey,
      secrets,
    }));
}

/** Number of the epoch that began when the spy was put out. */
function firstEpochWithout({ chronicle }: World, { device }: Spy): number {
  let era = chronicle?.newest() ?? null;
  while (era?.below?.ends.has(toHex(device)) === true) era = era.below;
  return era?.epoch ?? 0;
}

/** All that can be had: what was held, what any wrap opens to, and what lies along the chain from there, either way. */
async function gathered(
  { device, wrapKey, secrets }: Spy,
  decisions: readonly ControlEntry[],
): Promise<Uint8Array[]> {
  const found = new Map(secrets.map((secret) => [toHex(secret), secret]));
  for (const { space, epoch } of decisions) {
    if (epoch?.scheme !== 'wrap') continue;
    const { number, commitment, wraps, previous } = epoch;
    for (const wrap of wraps) {
      const context = { space, epoch: number, commitment, device };
      const opened = await openWrap(wrap, wrapKey, context);
      if (opened.ok) found.set(toHex(opened.value), opened.value);
    }
    for (const secret of previous === null ? [] : [...found.values()]) {
      const opened = previous && (await openPrevious({ space, number }, secret, previous));
      if (opened !== null) found.set(toHex(opened), opened);
    }
  }
  return [...found.values()];
}

async function opens({ header, body }: RawEntry, secrets: readonly Uint8Array[]): Promise<boolean> {
  const { epoch, author, nonce } = header;
  for (const secret of secrets) {
    const raw = deriveKey(secret, 'author-key', encodeCbor([epoch, author]));
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const additionalData = new Uint8Array(encodeAssociatedData(header));
    const gcm = { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData };
    const opened = await crypto.subtle.decrypt(gcm, key, new Uint8Array(body)).catch(() => null);
    if (opened !== null) return true;
  }
  return false;
}

function readDecision({ bytes }: StoredEntry): ControlEntry[] {
  const certified = decodeCertified(bytes);
  const entry = certified.ok ? decodeControlEntry(certified.value.entryBytes) : certified;
  return entry.ok ? [entry.value] : [];
}

function readEntry({ bytes }: StoredEntry): RawEntry[] {
  const entry = decodeEntry(bytes);
  return entry.ok ? [entry.value] : [];
}
