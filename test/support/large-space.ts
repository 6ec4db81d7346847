// Makes a large space: pages that several people annotate, each change in an entry as its author's node would write it.
import * as A from '@automerge/automerge/slim';
import type { EpochKeys } from '../../lib/group/epoch-keys.ts';
import { hashOf } from '../../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../../lib/identity/signer.ts';
import { actorOfSegment } from '../../lib/log/chain.ts';
import { sealEntry } from '../../lib/log/seal.ts';
import type { DocumentKind } from '../../lib/space/documents/document-kind.ts';
import { page } from '../../lib/space/documents/page.ts';
import type { EntryStore, StoredEntry } from '../../lib/store/entry-store.ts';
import type { RecordStore } from '../../lib/store/record-store.ts';
import { toHex, utf8 } from '../../lib/wire/bytes.ts';
import { unwrap } from '../../lib/wire/failure.ts';

export interface LargeSpace {
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  readonly documents: number;
  /** In each document. */
  readonly changes: number;
  readonly store: { readonly entries: EntryStore; readonly records: RecordStore };
  /** Where each document goes as Automerge saves it. */
  readonly collection: string;
}

type Doc = A.Doc<Record<string, unknown>>;

const AUTHORS = 4;
const AT = 1_700_000_000_000;
/** One annotation for so many changes; the others edit them. */
const EDITS = 5;

export async function writeLargeSpace(large: LargeSpace): Promise<void> {
  const writers = await Promise.all(
    Array.from({ length: AUTHORS }, (_, i) => createWriter(large, i)),
  );
  for (let index = 0; index < large.documents; index += 1) {
    const id = `page/${toHex(hashOf('bench', utf8(`page ${index}`)))}`;
    const save = await writeDocument(large, id, writers);
    await large.store.records.put(large.collection, id, save);
    for (const writer of writers) await writer.flush();
  }
}

/** Each author in turn goes on where the one before stopped. */
async function writeDocument(
  { changes }: LargeSpace,
  id: string,
  writers: readonly Writer[],
): Promise<Uint8Array> {
  let doc: Doc = begun(page);
  const share = Math.ceil(changes / writers.length);
  for (const [turn, writer] of writers.entries()) {
    doc = A.clone(doc, { actor: writer.actor });
    for (let i = turn * share; i < Math.min(changes, (turn + 1) * share); i += 1) {
      doc = A.change(doc, { time: AT / 1000 + i }, (draft) => work(draft, id, i));
      const change = A.getLastLocalChange(doc);
      if (change !== undefined) await writer.write(id, change);
    }
  }
  const save = A.save(doc);
  A.free(doc);
  return save;
}

function work(draft: Record<string, unknown>, id: string, i: number): void {
  const annotation = `note-${String(Math.floor(i / EDITS)).padStart(6, '0')}`;
  const note = `Remark number ${i}, which says a little of what its author thought of these words.`;
  if (i % EDITS > 0) return page.verbs['edit']?.(draft, { id: annotation, note, at: AT + i });
  const quote = {
    type: 'TextQuoteSelector',
    exact: `words ${i}`,
    prefix: 'before ',
    suffix: ' after',
  };
  const target = { quote, position: { type: 'TextPositionSelector', start: i, end: i + 10 } };
  const where = { url: `https://example.org/${id.slice(-8)}`, title: 'A page' };
  page.verbs['add']?.(draft, { id: annotation, ...where, target, note, agent: null, at: AT + i });
}

export function begun(kind: DocumentKind): Doc {
  const empty = A.init<Record<string, unknown>>({ actor: '00'.repeat(16) });
  return A.change(empty, { time: 0 }, (doc) => kind.begin(doc));
}

export interface Writer {
  /** Hex. */
  readonly actor: string;
  write(document: string, change: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

/** The author of this number, whose entries follow each other. */
export async function createWriter(
  {
    space,
    keys,
    store,
  }: Pick<LargeSpace, 'space' | 'keys'> & { readonly store: { readonly entries: EntryStore } },
  index: number,
): Promise<Writer> {
  const signer: Signer = await signerOfSeed(hashOf('bench', utf8(`author ${index}`)));
  const segment = hashOf('bench', utf8(`segment ${index}`)).subarray(0, 16);
  const author = toHex(signer.publicKey);
  const key = unwrap(await keys.authorKey(0, signer.publicKey));
  let [seq, prev]: [number, Uint8Array | null] = [0, null];
  let pending: StoredEntry[] = [];
  return {
    actor: toHex(actorOfSegment({ space, author: signer.publicKey, segment })),
    write: async (document, change) => {
      seq += 1;
      const place = { space, segment, seq, prev, control: space, seen: space, epoch: 0 };
      const body = { kind: 'change', at: AT + seq, agent: null, document, change } as const;
      const { hash, bytes } = unwrap(await sealEntry(body, place, key, signer));
      pending.push({ author, seq, hash, prev, bytes });
      prev = hash;
    },
    flush: async () => {
      unwrap(await store.entries.append(toHex(space), pending));
      pending = [];
    },
  };
}
