// The log of a text that one person types, a keystroke to an entry: what the benchmarks of the log and of sync read.
import * as A from '@automerge/automerge/slim';
import { singleEpochKeys, type EpochKeys } from '../lib/group/epoch-keys.ts';
import { randomBytes } from '../lib/identity/hash.ts';
import { artifactId } from '../lib/space/document-ids.ts';
import { artifact } from '../lib/space/documents/artifact.ts';
import { createMemoryEntryStore } from '../lib/store/memory-store.ts';
import { toHex } from '../lib/wire/bytes.ts';
import { startAutomerge } from '../test/support/automerge.ts';
import { begun, createWriter } from '../test/support/large-space.ts';

export interface Keystrokes {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  readonly document: string;
  /** Hex: whose log it is. */
  readonly author: string;
  /** Hex: who made all the changes. */
  readonly actor: string;
  readonly changes: readonly Uint8Array[];
  /** One for each change, as they travel. */
  readonly entries: readonly Uint8Array[];
}

const TYPED =
  'The tide came in over the flats and went out again, as it was written that it would. ';
/** Most keystrokes follow each other; now and then someone goes back to an earlier place. */
const STAY = 40;

/** Into the space given, or else one that nobody knows. */
export async function typeText(count: number, into = unknownSpace()): Promise<Keystrokes> {
  await startAutomerge();
  const { bytes: space, keys } = into;
  const entries = createMemoryEntryStore();
  const writer = await createWriter({ space, keys, store: { entries } }, 0);
  const document = artifactId('keystrokes');
  const changes: Uint8Array[] = [];
  let doc = A.clone(begun(artifact), { actor: writer.actor });
  for (let i = 0; i < count; i += 1) {
    doc = A.change(doc, { time: i }, (draft) => A.splice(draft, ['text'], placeOf(i), 0, keyOf(i)));
    const change = A.getLastLocalChange(doc);
    if (change === undefined) throw new Error('expected a change');
    changes.push(change);
    await writer.write(document, change);
  }
  A.free(doc);
  await writer.flush();
  const [head] = await entries.heads(toHex(space));
  const author = toHex(head?.author ?? space);
  const whole = { maxEntries: count, maxBytes: Infinity };
  const stored = await entries.read(toHex(space), author, 1, whole);
  return {
    space,
    keys,
    document,
    author,
    actor: writer.actor,
    changes,
    entries: stored.map(({ bytes }) => bytes),
  };
}

function unknownSpace(): { readonly bytes: Uint8Array; readonly keys: EpochKeys } {
  return { bytes: randomBytes(32), keys: singleEpochKeys(randomBytes(32)) };
}

/** The same changes as Automerge saves the document. */
export async function savedText({ changes }: Pick<Keystrokes, 'changes'>): Promise<Uint8Array> {
  await startAutomerge();
  const [doc] = A.applyChanges(begun(artifact), [...changes]);
  const save = A.save(doc);
  A.free(doc);
  return save;
}

/** Into a text of `i` characters. */
function placeOf(i: number): number {
  const line = Math.floor(i / STAY);
  return line % 3 === 2 ? Math.floor(i / 2) : i;
}

function keyOf(i: number): string {
  return TYPED.charAt(i % TYPED.length);
}
