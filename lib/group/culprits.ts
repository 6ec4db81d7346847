// Who broke their word, as two decisions at one point of a control log prove.
import { readCertificate } from '../identity/certificate.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Pledge, Vote } from '../wire/control.ts';
import { readControl, type ReadControl } from './control-entry.ts';
import type { ControlProof } from './control-log.ts';
import type { KeyId } from './control-state.ts';

/**
 * Persons who signed both: in one ballot by two votes; in two ballots by a pledge in the higher that keeps quiet about
 * the vote in the lower. More than half signed each, so there is one at least, unless a device was replaced in between.
 */
export async function culpritsOf(proof: ControlProof): Promise<readonly KeyId[]> {
  const [one, other] = [readControl(proof.first), readControl(proof.second)];
  if (!one.ok || !other.ok) return [];
  const [low, high] =
    one.value.ballot <= other.value.ballot ? [one.value, other.value] : [other.value, one.value];
  const voters = await personsOf(low.votes);
  const liars =
    low.ballot === high.ballot
      ? high.votes
      : high.pledges.filter((pledge) => keepsQuiet(pledge, low));
  const also = await personsOf(liars);
  return voters.filter((person) => also.includes(person));
}

function keepsQuiet({ voted }: Pledge, { ballot, hash }: ReadControl): boolean {
  if (voted === null || voted.number < ballot) return true;
  return voted.number === ballot && !equalBytes(voted.hash, hash);
}

async function personsOf(votes: readonly Vote[]): Promise<KeyId[]> {
  const certificates = await Promise.all(
    votes.map(({ certificate }) => readCertificate(certificate)),
  );
  return certificates.flatMap((read) => (read.ok ? [toHex(read.value.personKey)] : []));
}
