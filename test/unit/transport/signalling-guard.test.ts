// What a lying relay or a hostile caller may bring before PeerJS: only what this node itself would have sent.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSignallingGuard } from '../../../lib/transport/signalling-guard.ts';

const SRC = 'a'.repeat(40);
const ID = 'dc_abc123';
const print = (byte: string) =>
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => byte).join(':')}\r\n`;
const SDP = `v=0\r\n${print('AB')}m=application 9 x\r\n`;

const offer = {
  type: 'OFFER',
  src: SRC,
  payload: {
    type: 'data',
    serialization: 'raw',
    reliable: true,
    label: ID,
    connectionId: ID,
    sdp: { type: 'offer', sdp: SDP },
  },
};
const answer = {
  type: 'ANSWER',
  src: SRC,
  payload: { type: 'data', connectionId: ID, sdp: { type: 'answer', sdp: SDP } },
};
const candidate = {
  type: 'CANDIDATE',
  src: SRC,
  payload: { type: 'data', connectionId: ID, candidate: { candidate: 'candidate:1', sdpMid: '0' } },
};

function guard({ known = false, room = true } = {}) {
  const absent: string[] = [];
  const admit = createSignallingGuard({
    isKnown: () => known,
    mayEnter: () => room,
    onAbsent: (peerId) => absent.push(peerId),
  });
  return { admit, absent };
}

describe('signalling guard', () => {
  test('lets in what this node sends itself', () => {
    expect(guard().admit(offer)).toEqual(offer);
    expect(guard({ known: true }).admit(answer)).toEqual(answer);
    expect(guard({ known: true }).admit(candidate)).toEqual(candidate);
    expect(guard().admit({ type: 'OPEN' })).toMatchObject({ type: 'OPEN' });
  });

  test('drops fields that it does not know', () => {
    const more = { ...offer, payload: { ...offer.payload, metadata: { big: 'x' } }, extra: 1 };
    expect(guard().admit(more)).toEqual(offer);
  });

  const refused: [string, object][] = [
    ['an unbounded serialiser', { serialization: 'binary' }],
    ['a property of Object as serialiser', { serialization: 'constructor' }],
    ['a media call', { type: 'media' }],
    ['an unreliable channel', { reliable: false }],
    ['a connection id of another form', { connectionId: '__proto__' }],
    ['an overlong description', { sdp: { type: 'offer', sdp: SDP.padEnd(20_000, 'x') } }],
    ['no fingerprint', { sdp: { type: 'offer', sdp: 'v=0' } }],
    ['a second fingerprint', { sdp: { type: 'offer', sdp: `${SDP}${print('EE')}` } }],
    ['an answer as an offer', { sdp: { type: 'answer', sdp: SDP } }],
  ];
  for (const [name, change] of refused) {
    test(`refuses an offer with ${name}`, () => {
      expect(guard().admit({ ...offer, payload: { ...offer.payload, ...change } })).toBeNull();
    });
  }

  test('refuses an offer without payload, or from no peer', () => {
    expect(guard().admit({ type: 'OFFER', src: SRC })).toBeNull();
    expect(guard().admit({ ...offer, src: 'somebody' })).toBeNull();
  });

  test('refuses an offer when there is no room, or that would replace a connection', () => {
    expect(guard({ room: false }).admit(offer)).toBeNull();
    expect(guard({ known: true }).admit(offer)).toBeNull();
  });

  test('refuses answers and candidates of connections that do not exist', () => {
    expect(guard().admit(answer)).toBeNull();
    expect(guard().admit(candidate)).toBeNull();
  });

  test('takes a bounded number of candidates for one connection', () => {
    const { admit } = guard({ known: true });
    const taken = Array.from({ length: 500 }, () => admit(candidate)).filter(Boolean);
    expect(taken.length).toBe(64);
  });

  test('tells that a peer is absent, and does not let the relay close what works', () => {
    const { admit, absent } = guard({ known: true });
    expect(admit({ type: 'LEAVE', src: SRC })).toBeNull();
    expect(admit({ type: 'EXPIRE', src: SRC })).toBeNull();
    expect(absent).toEqual([SRC, SRC]);
  });

  test('never throws, and lets nothing of arbitrary shape through', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(guard({ known: true }).admit(raw)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom('OFFER', 'ANSWER', 'CANDIDATE', 'LEAVE'),
          src: fc.anything(),
          payload: fc.anything(),
        }),
        (raw) => {
          expect(guard({ known: true }).admit(raw)).toBeNull();
        },
      ),
    );
  });
});
