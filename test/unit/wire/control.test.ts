// The spelling of control entries: everything that is written reads back, and nothing else is taken.
import { assert, integer, nat, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeComplaint, encodeComplaint } from '../../../lib/wire/complaint.ts';
import { encodeCbor, type CborValue } from '../../../lib/wire/cbor.ts';
import { encodeAct, parseAct, MAX_ACTS, type Act } from '../../../lib/wire/control-act.ts';
import { encodeEpoch, parseEpoch, type WrapEpoch } from '../../../lib/wire/control-epoch.ts';
import {
  decodeCertified,
  decodeControlEntry,
  encodeCertified,
  encodeControlEntry,
  MAX_CERTIFIED_BYTES,
  MAX_CONTROL_ENTRY_BYTES,
  type CertifiedControl,
  type ControlEntry,
} from '../../../lib/wire/control.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill);
const keys = { wrapKey: bytes(32), signature: bytes(64) };
const enrolment = { certificate: bytes(180), ...keys, keyPackage: null };
const withPackage = { ...enrolment, keyPackage: bytes(400) };
const point = (fill: number) => ({ device: bytes(32, fill), seq: fill, hash: bytes(32) });
const said = { device: bytes(32), signature: bytes(64) };
const promotion = { branch: 'b-1', artifact: 'a_1', heads: [bytes(32, 1), bytes(32, 2)] };

const VOTER: Act = { kind: 'voter', device: bytes(32) };

const ACTS: readonly Act[] = [
  { kind: 'add', role: 'editor', devices: [enrolment] },
  { kind: 'add_device', device: withPackage },
  { kind: 'revoke_device', frontier: { device: bytes(32), seq: 0, hash: null } },
  { kind: 'remove', person: bytes(32), frontiers: [point(1), point(2)] },
  { kind: 'leave', person: bytes(32), frontiers: [point(1)], said },
  { kind: 'extend_frontier', frontier: point(3) },
  { kind: 'role', person: bytes(32), role: 'reader' },
  VOTER,
  { kind: 'policy', policy: { admit: 'by_invite', history: 'from_joining', promotion: 2 } },
  { kind: 'fork_cut', segment: bytes(16), keep: point(4) },
  {
    kind: 'checkpoint',
    snapshot: bytes(32),
    heads: [point(1), point(2)],
    carrier: {
      blob: bytes(32),
      size: 5,
      epoch: 2,
      key: { nonce: bytes(12), ciphertext: bytes(48) },
    },
  },
  { kind: 'promote', promotion, approvals: [said] },
];

const wrap = (fill: number) => ({
  device: bytes(32, fill),
  enc: bytes(32),
  ciphertext: bytes(48),
});

const EPOCH: WrapEpoch = {
  scheme: 'wrap',
  number: 1,
  commitment: bytes(32),
  access: bytes(32),
  wraps: [wrap(1), wrap(2)],
  previous: { nonce: bytes(12), ciphertext: bytes(48) },
};

const ENTRY: ControlEntry = {
  space: bytes(32),
  height: 1,
  prev: bytes(32),
  at: 1_700_000_000_000,
  proposer: bytes(32),
  acts: ACTS,
  epoch: EPOCH,
};

const vote = { certificate: bytes(180), signature: bytes(64) };
const CERTIFIED: CertifiedControl = {
  entryBytes: unwrap(encodeControlEntry(ENTRY)),
  drafted: vote,
  ballot: 3,
  votes: [vote],
  pledges: [
    { ...vote, voted: null },
    { ...vote, voted: { number: 2, hash: bytes(32) } },
  ],
};

describe('what is written reads back', () => {
  test.for(ACTS)('act $kind', (act) => {
    expect(parseAct(encodeAct(act))).toEqual(act);
  });

  test('an entry and its certificate', () => {
    expect(unwrap(decodeControlEntry(CERTIFIED.entryBytes))).toEqual(ENTRY);
    expect(unwrap(decodeCertified(encodeCertified(CERTIFIED)))).toEqual(CERTIFIED);
  });
});

describe('acts of another shape are none', () => {
  const bent: readonly [string, CborValue][] = [
    ['no list', 'add'],
    ['an unknown kind', ['rename', 'x']],
    ['a kind that every object has', ['constructor', bytes(32)]],
    ['too few fields', ['voter']],
    ['too many fields', ['voter', bytes(32), 1]],
    ['an unknown role', ['role', bytes(32), 'owner']],
    ['a person of 31 bytes', ['role', bytes(31), 'editor']],
    ['nobody to add', ['add', 'editor', []]],
    ['a seq without a hash', ['revoke_device', [bytes(32), 3, null]]],
    ['a hash at seq 0', ['revoke_device', [bytes(32), 0, bytes(32)]]],
    ['a negative seq', ['extend_frontier', [bytes(32), -1, bytes(32)]]],
    ['frontiers out of order', ['remove', bytes(32), [2, 1].map(pointParts)]],
    ['one device twice', ['remove', bytes(32), [1, 1].map(pointParts)]],
    ['an unknown policy', ['policy', 'by_magic', 'full', 0]],
    ['too many approvals asked for', ['policy', 'by_hand', 'full', 65]],
    ['an artifact that is a path', ['promote', ['b', '../a', [bytes(32)]], []]],
    ['a promotion without heads', ['promote', ['b', 'a', []], []]],
    ['a certificate that is too large', ['add_device', [bytes(513), bytes(32), bytes(64), null]]],
    ['an empty key package', ['add_device', [bytes(9), bytes(32), bytes(64), bytes(0)]]],
    [
      'a key package that is too large',
      ['add_device', [bytes(9), bytes(32), bytes(64), bytes(1025)]],
    ],
  ];

  test.for(bent)('%s', ([, parts]) => {
    expect(parseAct(parts)).toBeNull();
  });

  function pointParts(fill: number): CborValue {
    return [bytes(32, fill), 1, bytes(32)];
  }
});

function withWraps(...fills: number[]): ControlEntry['epoch'] {
  return { ...EPOCH, wraps: fills.map(wrap) };
}

test('an epoch of an MLS group reads back, with both messages, one or none', () => {
  const { wraps: _, ...rest } = EPOCH;
  for (const commit of [null, bytes(700)]) {
    for (const welcome of [null, bytes(900)]) {
      const part = { ...rest, scheme: 'mls', commit, welcome } as const;
      expect(parseEpoch(encodeEpoch(part))).toEqual(part);
    }
  }
  const [, ...fields] = [encodeEpoch(EPOCH)].flat();
  expect(parseEpoch([2, ...fields])).toBeNull();
  expect(parseEpoch([1, ...fields])).toBeNull();
  expect(parseEpoch([1, ...fields.with(3, [bytes(0), null])])).toBeNull();
  expect(parseEpoch([1, ...fields.with(3, [null, 'text'])])).toBeNull();
  expect(parseEpoch([1, ...fields.with(3, [bytes(128 * 1024 + 1), null])])).toBeNull();
});

describe('entries of another shape are none', () => {
  const malformed: readonly [string, Partial<ControlEntry>][] = [
    ['height 0', { height: 0 }],
    ['nothing in it', { acts: [], epoch: null }],
    ['too many acts', { acts: Array.from({ length: MAX_ACTS + 1 }, () => VOTER) }],
    ['a short link', { prev: bytes(31) }],
    ['wraps out of order', { epoch: withWraps(2, 1) }],
    ['one device wrapped twice', { epoch: withWraps(1, 1) }],
  ];

  test.for(malformed)('%s', ([, change]) => {
    const result = decodeControlEntry(unwrap(encodeControlEntry({ ...ENTRY, ...change })));
    expect(result).toMatchObject({ ok: false, failure: { code: 'malformed' } });
  });

  test('a newer version says so', () => {
    const newer = decodeControlEntry(encodeCbor([2, 'anything']));
    expect(newer).toMatchObject({ failure: { code: 'unsupported_version' } });
  });

  test('one that is too large is neither written nor read', () => {
    const certificate = bytes(512);
    const device = { ...enrolment, certificate };
    const devices = Array.from({ length: 32 }, () => device);
    const acts = Array.from({ length: 10 }, (): Act => ({ kind: 'add', role: 'editor', devices }));
    expect(encodeControlEntry({ ...ENTRY, acts })).toMatchObject({
      failure: { code: 'too_large' },
    });
    for (const [decode, max] of [
      [decodeControlEntry, MAX_CONTROL_ENTRY_BYTES],
      [decodeCertified, MAX_CERTIFIED_BYTES],
    ] as const) {
      expect(decode(bytes(max + 1))).toMatchObject({ failure: { code: 'too_large' } });
    }
  });
});

test('a changed or cut byte is either refused or reads as exactly what it spells', () => {
  const whole = encodeCertified(CERTIFIED);
  assert(
    property(nat({ max: whole.length - 1 }), integer({ min: 1, max: 255 }), (at, flip) => {
      const altered = whole.slice();
      altered[at] = (altered[at] ?? 0) ^ flip;
      const read = decodeCertified(altered);
      if (read.ok) expect(encodeCertified(read.value)).toEqual(altered);
      expect(decodeCertified(whole.slice(0, at)).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('any bytes are read or refused, never thrown at', () => {
  assert(
    property(uint8Array({ maxLength: 300 }), (any) => {
      for (const decode of [decodeCertified, decodeControlEntry, decodeComplaint]) decode(any);
    }),
  );
});

test('a complaint reads back, and only with a reason that is known', () => {
  const complaint = {
    space: bytes(32),
    entry: bytes(32),
    epoch: 3,
    steward: bytes(32),
    device: bytes(32),
    reason: 'does_not_open' as const,
    signature: bytes(64),
  };
  expect(unwrap(decodeComplaint(encodeComplaint(complaint)))).toEqual(complaint);
  const b32 = bytes(32);
  const other = encodeCbor([1, b32, b32, 3, b32, b32, 'dislike', bytes(64)]);
  expect(decodeComplaint(other)).toMatchObject({ failure: { code: 'malformed' } });
});
