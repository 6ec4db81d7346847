// Three people's honest work on one document, and a fourth who would write anything into it.
import * as A from '@automerge/automerge/slim';
import { LiveDocument, type BoundChange } from '../../lib/space/documents/live-document.ts';
import { forge, type ForgedOp, type Parts } from './automerge-forge.ts';
import { propose, WILD_ACTORS, wildKind } from './wild-document.ts';

export const [ADA = '', BOB = ''] = WILD_ACTORS;
export const EVE = 'ee'.repeat(16);
export const BEGIN = '00'.repeat(16);

/** In the wild document: text 1 with letters 2–17, list 18 with elements 19–22, map 23. */
export const LIST = [1, 18] as const;
export const TEXT = [1, 1] as const;
export const TRUE = [2, new Uint8Array()] as const;
export const SET: ForgedOp = { action: 1, key: 'evil', value: TRUE };

export interface Honest {
  readonly root: string;
  /** Ada's two changes, one on the other, and Bob's beside them. */
  readonly ada: readonly [Uint8Array, Uint8Array];
  readonly bob: Uint8Array;
}

export function honestWork(): Honest {
  const document = new LiveDocument(wildKind);
  const root = document.heads()[0] ?? '';
  const first = made(propose(document, ADA, (doc) => void (doc.map['name'] = 'honest')));
  const bob = made(propose(document, BOB, (doc) => A.splice(doc, ['text'], 0, 4, 'Once')));
  document.apply([{ actor: ADA, bytes: first }]);
  const second = made(propose(document, ADA, (doc) => A.insertAt(doc.list, 2, { kept: true })));
  document.free();
  return { root, ada: [first, second], bob };
}

/** Eve's first change, right in every way but for what `wrong` says. */
export function eve(
  { root }: Honest,
  ops: readonly ForgedOp[],
  wrong: Partial<Parts> = {},
): BoundChange {
  const deps = [root];
  const others = ops.some(usesBegin) ? [BEGIN] : [];
  return { actor: EVE, bytes: forge({ actor: EVE, deps, startOp: 24, others, ops, ...wrong }) };
}

function usesBegin({ object, element, preds }: ForgedOp): boolean {
  const ids = [object, element === 'head' ? undefined : element, ...(preds ?? [])];
  return ids.some((id) => id?.[0] === 1);
}

/** By what is wrong with a change: what the gate says of it, and how to make one. */
export type Hostile = Readonly<
  Record<string, readonly [reason: string, make: (honest: Honest) => BoundChange]>
>;

function made(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new Error('an edit has changed nothing');
  return bytes;
}
