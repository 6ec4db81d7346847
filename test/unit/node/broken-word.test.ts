// Stewards who hand out bad keys or sign two things: everyone in the space hears of it, and what can be mended is.
import { expect, test } from 'vitest';
import { doubleVoteOf } from '../../../lib/group/double-vote.ts';
import { controlHash, voteMessage } from '../../../lib/group/statements.ts';
import { nextBallot, signDraft } from '../../../lib/group/voting.ts';
import { keyOfDid } from '../../../lib/identity/did-key.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { BALLOT } from '../../../lib/node/ballot-words.ts';
import { drawUp } from '../../../lib/node/draw-up.ts';
import { frozenBy } from '../../../lib/node/frozen-words.ts';
import { encodeBallotMessage } from '../../../lib/wire/ballot.ts';
import { equalBytes } from '../../../lib/wire/bytes.ts';
import { encodeCertified, encodeControlEntry } from '../../../lib/wire/control.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';
import { meet, shareSpace, startStewardNode } from '../../support/steward-node.ts';

test('a key that does not open is complained about, and a steward hands out a good one', async () => {
  const ada = await startStewardNode('Ada');
  const bob = await startStewardNode('Bob');
  const chi = await startStewardNode('Chi');
  const space = await shareSpace([ada, bob, chi], 1);
  const { group } = ada.held(space);
  if (group === null) throw new Error('expected a group');
  const drawn = unwrap(
    await drawUp({ group, profile: () => ada.profile }, { acts: [], at: 5, renew: true }),
  );
  if (drawn.entry.epoch?.scheme !== 'wrap') throw new Error('expected wraps');
  const bobs = bob.profile.signer.publicKey;
  const wraps = drawn.entry.epoch.wraps.map((wrap) =>
    equalBytes(wrap.device, bobs) ? { ...wrap, ciphertext: randomBytes(48) } : wrap,
  );
  const entry = { ...drawn.entry, epoch: { ...drawn.entry.epoch, wraps } };
  const { signer, certificate } = ada.profile;
  const bytes = unwrap(encodeControlEntry(entry));
  const signature = await signer.sign(voteMessage(controlHash(bytes), 0));
  const proposal = await signDraft({ signer, certificate }, bytes);
  const votes = [{ certificate, signature }];
  const bad = encodeCertified({ ...proposal, ballot: 0, votes, pledges: [] });
  await bob.replica.accept(space, [bad]);
  const epoch = entry.epoch.number;
  await eventually(() => bob.stewardship.complaints(bob.held(space)).length === 1);
  expect((await bob.held(space).keys.authorKey(epoch, bobs)).ok).toBe(false);
  await meet([bob, chi], space);
  await eventually(() => chi.stewardship.complaints(chi.held(space)).length === 1);
  await meet([ada, bob, chi], space);
  await eventually(async () => {
    await meet([ada, bob, chi], space);
    return (await bob.held(space).keys.authorKey(epoch, bobs)).ok;
  });
  for (const node of [ada, bob, chi]) {
    await eventually(() => node.stewardship.complaints(node.held(space)).length === 0);
  }
  unwrap(await bob.held(space).space.record('announce', { name: 'Bob' }));
});

test('after a steward is proved to have voted twice nobody decides, also after a restart', async () => {
  const ada = await startStewardNode('Ada');
  let bob = await startStewardNode('Bob');
  const chi = await startStewardNode('Chi');
  const space = await shareSpace([ada, bob, chi], 2);
  const { group } = ada.held(space);
  const state = group?.log.tip();
  if (group === null || state === undefined) throw new Error('expected a group');
  const ballot = nextBallot(state, ada.person, 0) ?? 0;
  const { signer, certificate } = ada.profile;
  const voted = async (at: number) => {
    const person = unwrap(keyOfDid(chi.profile.person));
    const acts = [{ kind: 'role' as const, person, role: 'reader' as const }];
    const drawn = unwrap(await drawUp({ group, profile: () => ada.profile }, { acts, at }));
    const { entryBytes } = drawn.proposal;
    const signature = await signer.sign(voteMessage(controlHash(entryBytes), ballot));
    return { entryBytes, vote: { certificate, signature } };
  };
  const proof = doubleVoteOf(ballot, await voted(7), await voted(8));
  // Whoever finds it says it; here it is Chi, who decides nothing.
  unwrap(await chi.held(space).space.record(BALLOT, unwrap(encodeBallotMessage(proof))));
  await meet([ada, bob, chi], space);
  bob = await bob.restart();
  await meet([ada, bob, chi], space);
  for (const node of [ada, bob, chi]) {
    const council = node.stewardship.council(node.held(space));
    expect(council?.doubleVote()?.person).toBe(ada.person);
  }
  for (const node of [ada, bob]) {
    const refused = await node.stewardship.setPolicy(node.held(space), { admit: 'by_hand' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'forked' } });
  }
  const words = await frozenBy(
    { stewardship: bob.stewardship, profile: () => bob.profile },
    bob.held(space),
    await bob.held(space).space.members(),
  );
  expect(words?.message).toContain('Ada signed two different decisions');
  unwrap(await bob.held(space).space.record('note', 'Work goes on.'));
});
