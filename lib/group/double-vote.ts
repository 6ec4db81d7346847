// A device that voted for two entries in one ballot: a proof that anyone can check, after which nobody decides any more.
import { readCertificate } from '../identity/certificate.ts';
import { verify } from '../identity/signature.ts';
import type { BallotMessage, VotedEntry } from '../wire/ballot.ts';
import { compareBytes, equalBytes, toHex } from '../wire/bytes.ts';
import { decodeControlEntry, type ControlEntry } from '../wire/control.ts';
import type { ControlLog, ControlProof } from './control-log.ts';
import type { KeyId } from './control-state.ts';
import { controlHash, voteMessage } from './statements.ts';

export type DoubleVote = Extract<BallotMessage, { readonly kind: 'double_vote' }>;

/** A proof that holds, and against whom. */
export interface ProvedDoubleVote extends ControlProof {
  readonly person: KeyId;
  readonly message: DoubleVote;
}

/** The two in the order of their names, so that everyone who finds them says the same. */
export function doubleVoteOf(ballot: number, one: VotedEntry, other: VotedEntry): DoubleVote {
  const inOrder = compareBytes(controlHash(one.entryBytes), controlHash(other.entryBytes)) < 0;
  const [first, second] = inOrder ? [one, other] : [other, one];
  return { kind: 'double_vote', ballot, first, second };
}

/** `later`: the point in the control log that it is about has not come here yet. */
export async function proveDoubleVote(
  log: Pick<ControlLog, 'stateAt'>,
  message: DoubleVote,
): Promise<ProvedDoubleVote | 'no' | 'later'> {
  const { ballot, first, second } = message;
  const entry = readEntry(first);
  const rival = readEntry(second);
  if (entry === null || rival === null || !areRivals(entry, rival)) return 'no';
  if (equalBytes(first.entryBytes, second.entryBytes)) return 'no';
  const state = log.stateAt(entry.prev);
  if (state === null) return 'later';
  if (!equalBytes(state.space, entry.space) || state.height + 1 !== entry.height) return 'no';
  const [one, other] = await Promise.all([voterIn(ballot, first), voterIn(ballot, second)]);
  if (one === null || other === null || one.device !== other.device) return 'no';
  if (state.persons.get(one.person)?.role !== 'steward') return 'no';
  const proof = { height: entry.height, first: first.entryBytes, second: second.entryBytes };
  return { ...proof, person: one.person, message };
}

function readEntry({ entryBytes }: VotedEntry): ControlEntry | null {
  const entry = decodeControlEntry(entryBytes);
  return entry.ok ? entry.value : null;
}

function areRivals(one: ControlEntry, other: ControlEntry): boolean {
  return (
    one.height === other.height &&
    equalBytes(one.prev, other.prev) &&
    equalBytes(one.space, other.space)
  );
}

async function voterIn(
  ballot: number,
  { entryBytes, vote }: VotedEntry,
): Promise<{ readonly person: KeyId; readonly device: string } | null> {
  const certificate = await readCertificate(vote.certificate);
  if (!certificate.ok) return null;
  const { deviceKey, personKey } = certificate.value;
  const message = voteMessage(controlHash(entryBytes), ballot);
  if (!(await verify(deviceKey, message, vote.signature))) return null;
  return { person: toHex(personKey), device: toHex(deviceKey) };
}
