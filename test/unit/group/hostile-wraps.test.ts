// Keys that hostile stewards may try to bring with a change of the group: whatever anyone can see is wrong, everyone refuses.
import { expect, test } from 'vitest';
import { randomBytes } from '../../../lib/identity/hash.ts';
import type { EpochPart, Wrap, WrapEpoch } from '../../../lib/wire/control-epoch.ts';
import { draftEntry, forge, refusal, startGroup, wrapsIn } from '../../support/group.ts';
import { admit, createDevice, expel } from '../../support/group-people.ts';

type Bend = (part: WrapEpoch, outsider: Wrap) => WrapEpoch;

function sorted(wraps: readonly Wrap[]): readonly Wrap[] {
  return wraps.toSorted((a, b) => Buffer.compare(a.device, b.device));
}

const bends: [string, Bend][] = [
  ['leaves out a member', (part) => ({ ...part, wraps: part.wraps.slice(1) })],
  ['leaves out everyone', (part) => ({ ...part, wraps: [] })],
  [
    'includes the removed one',
    (part, outsider) => ({ ...part, wraps: sorted([...part.wraps, outsider]) }),
  ],
  [
    'gives a member’s place to the removed one',
    (part, outsider) => ({ ...part, wraps: sorted([...part.wraps.slice(1), outsider]) }),
  ],
  ['skips an epoch', (part) => ({ ...part, number: part.number + 1 })],
  ['stays in the running epoch', (part) => ({ ...part, number: part.number - 1 })],
  ['does not open the history', (part) => ({ ...part, previous: null })],
  ['has an access key of small order', (part) => ({ ...part, access: new Uint8Array(32) })],
];

test.for(bends)('a new key that %s is refused', async ([, bend]) => {
  const group = await startGroup();
  const [ada, mallory] = [await createDevice(), await createDevice()];
  await group.act(admit(ada), admit(mallory));
  const entry = await draftEntry(group, { acts: [expel(mallory)] });
  const part = wrapsIn(entry);
  const outsider = { device: mallory.key, enc: randomBytes(32), ciphertext: randomBytes(48) };
  const epoch = bend(part, outsider);
  expect(await refusal(group, await forge({ ...entry, epoch }, [group.founder]))).toBe('conflict');
  expect(await refusal(group, await forge({ ...entry, epoch: null }, [group.founder]))).toBe(
    'conflict',
  );
  expect(await refusal(group, await forge(entry, [group.founder]))).toBe('taken');
});

test('a secret that was used before in the space is refused', async () => {
  const group = await startGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada), admit(bob));
  await group.act(expel(bob));
  for (const used of group.state().epochs) {
    const entry = await draftEntry(group, { acts: [expel(ada)] });
    if (entry.epoch === null || used.commitment === null) throw new Error('expected epochs');
    const epochs = [
      { ...entry.epoch, commitment: used.commitment },
      { ...entry.epoch, access: used.access },
    ];
    for (const epoch of epochs) {
      expect(await refusal(group, await forge({ ...entry, epoch }, [group.founder]))).toBe(
        'conflict',
      );
    }
  }
});

test('a newcomer without a wrap, or with one for another key, is refused', async () => {
  const group = await startGroup();
  const ada = await createDevice();
  const entry = await draftEntry(group, { acts: [admit(ada)] });
  const part = wrapsIn(entry);
  const [wrap] = part.wraps;
  if (wrap === undefined) throw new Error('expected a wrap');
  const stranger = { ...wrap, device: randomBytes(32) };
  const epochs: (EpochPart | null)[] = [
    null,
    { ...part, wraps: [] },
    { ...part, wraps: [stranger] },
    { ...part, wraps: sorted([wrap, stranger]) },
    { ...part, commitment: randomBytes(32) },
    { ...part, access: randomBytes(32) },
  ];
  for (const epoch of epochs) {
    expect(await refusal(group, await forge({ ...entry, epoch }, [group.founder]))).toBe(
      'conflict',
    );
  }
});

test('history does not open to a newcomer by the chain where it begins at joining', async () => {
  const group = await startGroup();
  const policy = { admit: 'by_hand', history: 'from_joining', promotion: 0 } as const;
  const opened = await draftEntry(group, { acts: [admit(await createDevice())], renew: true });
  expect(opened.epoch?.previous).not.toBeNull();
  const entry = { ...opened, acts: [{ kind: 'policy', policy } as const, ...opened.acts] };
  expect(await refusal(group, await forge(entry, [group.founder]))).toBe('conflict');
});

test('a removal that only hands the running key round again is refused', async () => {
  const group = await startGroup();
  const [ada, mallory] = [await createDevice(), await createDevice()];
  await group.act(admit(ada), admit(mallory));
  const entry = await draftEntry(group, { acts: [], rewrap: [ada.key] });
  expect(await refusal(group, await forge(entry, [group.founder]))).toBe('taken');
  const kept = { ...entry, acts: [expel(mallory)] };
  expect(await refusal(group, await forge(kept, [group.founder]))).toBe('conflict');
});
