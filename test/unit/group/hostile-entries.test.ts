// What hostile stewards, members and strangers may send as control entries, each refused alike by everyone.
import { describe, expect, test } from 'vitest';
import { enrol, sayLeave } from '../../../lib/group/statements.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import type { Act } from '../../../lib/wire/control-act.ts';
import {
  decodeCertified,
  encodeCertified,
  type CertifiedControl,
  type ControlEntry,
} from '../../../lib/wire/control.ts';
import type { FailureCode } from '../../../lib/wire/failure.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { draftEntry, forge, refusal, startGroup, type TestGroup } from '../../support/group.ts';
import {
  admit,
  createDevice,
  expel,
  nothingOf,
  upTo,
  type GroupDevice,
} from '../../support/group-people.ts';

/** With whatever key the acts call for, so that it can only be the acts that are refused. */
async function refusalOf(group: TestGroup, ...acts: Act[]): Promise<FailureCode | 'taken'> {
  const result = await group.decide({ acts });
  return result.ok ? 'taken' : result.failure.code;
}

const POLICY: Act = {
  kind: 'policy',
  policy: { admit: 'by_invite', history: 'full', promotion: 0 },
};

async function threeStewards(): Promise<[TestGroup, GroupDevice, GroupDevice]> {
  const group = await startGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada, 'steward'), admit(bob, 'steward'));
  return [group, ada, bob];
}

describe('certificates', () => {
  test('by too few stewards, by one twice, by a member or a stranger, are none', async () => {
    const [group, ada] = await threeStewards();
    const entry = await draftEntry(group, { acts: [POLICY] });
    const { founder } = group;
    const adasPhone = await createDevice(ada.person);
    const stranger = await createDevice();
    const signers = [[founder], [founder, founder], [ada, adasPhone], [founder, stranger]];
    for (const voters of signers) {
      expect(await refusal(group, await forge(entry, voters))).toBe('bad_signature');
    }
  });

  test('with a vote that is altered, for another entry or for another ballot, are none', async () => {
    const group = await startGroup();
    const entry = await draftEntry(group, { acts: [POLICY] });
    const good = unwrap(decodeCertified(await forge(entry, [group.founder])));
    const other = unwrap(decodeCertified(await forge({ ...entry, at: 1 }, [group.founder])));
    const bent: CertifiedControl[] = [
      { ...good, votes: [] },
      { ...good, votes: other.votes },
      { ...good, drafted: other.drafted },
      { ...good, ballot: 1 },
      { ...good, entryBytes: other.entryBytes },
      { ...good, votes: good.votes.map((vote) => ({ ...vote, signature: randomBytes(64) })) },
    ];
    for (const certified of bent) {
      expect(await refusal(group, encodeCertified(certified))).toBe('bad_signature');
    }
    expect(await refusal(group, encodeCertified(good))).toBe('taken');
  });

  test('without the vote of the steward whose turn it is are none', async () => {
    const [group, ada, bob] = await threeStewards();
    const entry = await draftEntry(group, { acts: [POLICY], by: ada });
    const pairs = [
      [ada, bob],
      [bob, group.founder],
      [group.founder, ada],
    ];
    const verdicts = await Promise.all(
      pairs.map(async (pair) => {
        const [drafter] = pair;
        const own = { ...entry, proposer: drafter?.key ?? entry.proposer };
        return refusal(group, await forge(own, pair));
      }),
    );
    expect(verdicts.toSorted()).toEqual(['bad_signature', 'taken', 'taken']);
  });

  test('in a later ballot without pledges are none', async () => {
    const [group, ada] = await threeStewards();
    const entry = await draftEntry(group, { acts: [POLICY] });
    for (const ballot of [1, 2, 3]) {
      const bytes = await forge(entry, [group.founder, ada], { ballot });
      expect(await refusal(group, bytes)).toBe('bad_signature');
    }
  });

  test('with one vote twice are none, although it would be enough once', async () => {
    const group = await startGroup();
    const entry = await draftEntry(group, { acts: [POLICY] });
    const twice = await forge(entry, [group.founder, group.founder]);
    expect(await refusal(group, twice)).toBe('bad_signature');
  });

  test('by a device that was revoked are none, even when its person has no other', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    await group.act({ kind: 'revoke_device', frontier: nothingOf(group.founder) });
    const entry = await draftEntry(group, { acts: [POLICY] });
    expect(await refusal(group, await forge(entry, [group.founder]))).toBe('bad_signature');
    const found = await createDevice(group.founder.person);
    const recovered = { ...entry, proposer: found.key };
    expect(await refusal(group, await forge(recovered, [found]))).toBe('taken');
  });

  test('by a steward whose device was revoked are none', async () => {
    const group = await startGroup();
    const phone = await createDevice(group.founder.person);
    await group.act({ kind: 'add_device', device: phone.enrolment });
    await group.act({ kind: 'voter', device: phone.key });
    const frontier = nothingOf(group.founder);
    unwrap(await group.decide({ acts: [{ kind: 'revoke_device', frontier }], by: phone }, [phone]));
    const entry = await draftEntry(group, { acts: [POLICY] });
    expect(await refusal(group, await forge(entry, [group.founder]))).toBe('bad_signature');
  });

  test('drafted in the name of another steward are none', async () => {
    const [group, ada, bob] = await threeStewards();
    const entry = await draftEntry(group, { acts: [POLICY], by: ada });
    const bytes = await forge(entry, [group.founder, ada, bob]);
    expect(await refusal(group, bytes)).toBe('bad_signature');
  });
});

describe('places', () => {
  test('in another space, at another height and above another entry are refused', async () => {
    const group = await startGroup();
    const entry = await draftEntry(group, { acts: [POLICY] });
    const bent: [Partial<ControlEntry>, FailureCode][] = [
      [{ space: randomBytes(32) }, 'bad_signature'],
      [{ height: entry.height + 1 }, 'conflict'],
      [{ height: entry.height - 1 }, 'conflict'],
      [{ prev: randomBytes(32) }, 'conflict'],
    ];
    for (const [change, code] of bent) {
      expect(await refusal(group, await forge({ ...entry, ...change }, [group.founder]))).toBe(
        code,
      );
    }
  });

  test('a replay of an entry does not follow itself', async () => {
    const group = await startGroup();
    await group.act(POLICY);
    expect(await refusal(group, group.entries.at(-1) ?? new Uint8Array())).toBe('conflict');
  });
});

describe('acts', () => {
  test('about people and devices that are not there, or are already, are refused', async () => {
    const group = await startGroup();
    const [ada, stranger] = [await createDevice(), await createDevice()];
    const phone = await createDevice(ada.person);
    await group.act(admit(ada));
    const nobody = stranger.person.signer.publicKey;
    const person = ada.person.signer.publicKey;
    const refused: Act[][] = [
      [admit(ada)],
      [admit(phone)],
      [admit(stranger), admit(stranger)],
      [{ kind: 'add_device', device: ada.enrolment }],
      [{ kind: 'add_device', device: stranger.enrolment }],
      [expel(stranger)],
      [{ kind: 'remove', person: nobody, frontiers: [] }],
      [{ kind: 'remove', person, frontiers: [] }],
      [{ kind: 'remove', person, frontiers: [nothingOf(group.founder)] }],
      [{ kind: 'role', person: nobody, role: 'steward' }],
      [{ kind: 'revoke_device', frontier: nothingOf(stranger) }],
      [{ kind: 'extend_frontier', frontier: upTo(ada, 5) }],
      [{ kind: 'voter', device: stranger.key }],
      [{ kind: 'voter', device: ada.key }],
      [{ kind: 'fork_cut', segment: randomBytes(16), keep: upTo(stranger, 5) }],
      [expel(ada), { kind: 'add_device', device: phone.enrolment }],
      [expel(ada), admit(ada)],
    ];
    for (const acts of refused) expect(await refusalOf(group, ...acts)).toBe('conflict');
  });

  test('with a signature inside that does not hold are refused', async () => {
    const group = await startGroup();
    const [ada, mallory] = [await createDevice(), await createDevice()];
    await group.act(admit(ada), admit(mallory));
    const bob = await createDevice();
    const { space } = group.state();
    const frontiers = [nothingOf(ada)];
    const person = ada.person.signer.publicKey;
    const swapped = await enrol(mallory.signer, bob.certificate, mallory.wrapKey.publicKey);
    const said = await sayLeave(mallory.signer, space, frontiers);
    const elsewhere = await sayLeave(ada.signer, randomBytes(32), frontiers);
    const refused: [Act, FailureCode][] = [
      [{ kind: 'add', role: 'editor', devices: [swapped] }, 'bad_signature'],
      [{ kind: 'leave', person, frontiers, said: elsewhere }, 'bad_signature'],
      [{ kind: 'leave', person, frontiers, said: { ...said, device: ada.key } }, 'bad_signature'],
      [{ kind: 'leave', person, frontiers, said }, 'conflict'],
    ];
    for (const [act, code] of refused) expect(await refusalOf(group, act)).toBe(code);
  });

  test('that admit devices of two persons as one are refused', async () => {
    const group = await startGroup();
    const [ada, bob] = [await createDevice(), await createDevice()];
    const devices = [ada.enrolment, bob.enrolment];
    expect(await refusalOf(group, { kind: 'add', role: 'editor', devices })).toBe('malformed');
  });
});
