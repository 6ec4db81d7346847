// Builds the gate of a document that was passed before: from the changes that stood, and what was noted of the others.
import { ChangeGate, type GateState } from './change-gate.ts';
import { readChange } from './read-change.ts';

/** `changes` in an order that respects what they build on. What was refused then is not reported again. */
export function restoreGate(
  begin: Uint8Array | null,
  skip: ReadonlyMap<string, string>,
  { places, refused, held }: GateState,
  changes: readonly Uint8Array[],
): ChangeGate {
  const [fallen, refusedForGood] = [new Set<string>(), new Map(skip)];
  for (const [hash, { reason, rival }] of refused) {
    if (rival) fallen.add(hash);
    else refusedForGood.set(hash, reason);
  }
  const gate = new ChangeGate(begin, refusedForGood, fallen);
  for (const bytes of changes) offerAgain(gate, bytes, places);
  for (const change of held) gate.offer(change);
  gate.takeReady();
  gate.takeRefused();
  return gate;
}

function offerAgain(gate: ChangeGate, bytes: Uint8Array, places: GateState['places']): void {
  const read = readChange(bytes);
  if (!read.ok || read.change.hash === gate.root) return;
  const actor = read.change.actors[0] ?? '';
  const place = places.get(actor)?.[read.change.seq - 1] ?? 0;
  gate.offer({ actor, bytes, place }, read);
}
