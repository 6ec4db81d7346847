// A pairing over a channel: with deadlines, people who say no, and channels that break.
import { describe, expect, test } from 'vitest';
import {
  hostPairing,
  joinPairing,
  type HostPairingOptions,
  type JoinPairingOptions,
} from '../../../lib/identity/pairing.ts';
import type { Enrolment, PairingMeeting } from '../../../lib/identity/pairing-checks.ts';
import {
  createPairingOffer,
  PAIRING_LIFETIME_MS,
  parsePairingText,
} from '../../../lib/identity/pairing-code.ts';
import { memoryChannelPair, type MemoryPairOptions } from '../../../lib/transport/memory.ts';
import { fail, ok, unwrap, type Result } from '../../../lib/wire/failure.ts';
import {
  BINDING,
  codeOf,
  giftFor,
  newDevice,
  NOW,
  pairingParts,
  PHONE,
  type PairingParts,
} from '../../support/pairing-parts.ts';
import { until } from '../../support/until.ts';

/** Delays that fire when the test says so. */
function handClock() {
  const delays: { delayMs: number; controller: AbortController }[] = [];
  return {
    after: (delayMs: number) => {
      const controller = new AbortController();
      delays.push({ delayMs, controller });
      return controller.signal;
    },
    /** Lets a delay of this length pass, once someone waits for one. */
    fire: async (delayMs: number) => {
      const due = () => delays.filter((one) => one.delayMs === delayMs);
      await until(() => due().length > 0);
      for (const one of due()) one.controller.abort(new DOMException('late', 'TimeoutError'));
    },
  };
}

const NO_ROOM = () => Promise.resolve(fail('storage_full', 'No room.', 'Make room.'));
const DIFFERS = () => Promise.resolve(fail('permission_denied', 'The digits differ.', 'Stop.'));
const TAMPER = (message: Uint8Array) =>
  message.map((byte, i) => (i === message.length - 1 ? byte ^ 1 : byte));

const NEVER = () => new AbortController().signal;

function hostOptions(parts: PairingParts): HostPairingOptions {
  return {
    offer: parts.offer,
    signer: parts.laptop,
    certificate: parts.certificate,
    admit: (meeting: PairingMeeting) => giftFor(parts, meeting),
    now: () => NOW + 1,
    signal: NEVER(),
    after: NEVER,
  };
}

function joinOptions(parts: PairingParts): JoinPairingOptions {
  return {
    secret: unwrap(parsePairingText(parts.offer.text)),
    signer: parts.phone,
    ...PHONE,
    certificate: null,
    confirm: () => Promise.resolve(true),
    keep: () => Promise.resolve(ok(undefined)),
    signal: NEVER(),
    after: NEVER,
  };
}

async function pair(
  parts: PairingParts,
  changes: {
    readonly host?: Partial<HostPairingOptions>;
    readonly join?: Partial<JoinPairingOptions>;
    readonly channel?: MemoryPairOptions;
  } = {},
): Promise<[Result<PairingMeeting>, Result<Enrolment>]> {
  const [left, right] = memoryChannelPair({ binding: BINDING, ...changes.channel });
  return Promise.all([
    hostPairing(left, { ...hostOptions(parts), ...changes.host }),
    joinPairing(right, { ...joinOptions(parts), ...changes.join }),
  ]);
}

describe('a pairing over a channel', () => {
  test('ends with the new device taken in, kept before the host hears of it', async () => {
    const parts = await pairingParts();
    const kept: Enrolment[] = [];
    const [host, joined] = await pair(parts, {
      join: {
        keep: (enrolment) => {
          kept.push(enrolment);
          return Promise.resolve(ok(undefined));
        },
      },
    });
    expect(unwrap(host).device).toBe(parts.phone.did);
    expect(unwrap(joined).person).toBe(parts.person.did);
    expect(kept).toEqual([unwrap(joined)]);
  });

  test('spends the code: nobody else gets in with it', async () => {
    const parts = await pairingParts();
    await pair(parts);
    const [host, joined] = await pair({ ...parts, phone: await newDevice() });
    expect(codeOf(host)).toBe('conflict');
    expect(codeOf(joined)).toBe('closed');
  });

  test('is over with a wrong code, which does not spend the right one', async () => {
    const parts = await pairingParts();
    const { secret } = createPairingOffer(NOW);
    const [host, joined] = await pair(parts, { join: { secret } });
    expect([codeOf(host), codeOf(joined)]).toEqual(['unauthenticated', 'closed']);
    const [again] = await pair(parts);
    expect(codeOf(again)).toBe('ok');
  });

  test('gives nothing to a newcomer whom the person at the host turns away', async () => {
    const parts = await pairingParts();
    const [host, joined] = await pair(parts, { host: { admit: DIFFERS } });
    expect([codeOf(host), codeOf(joined)]).toEqual(['permission_denied', 'closed']);
  });

  test('takes nothing from a host whom the person at the newcomer turns away', async () => {
    const parts = await pairingParts();
    const isKept: boolean[] = [];
    const [host, joined] = await pair(parts, {
      // Who asks the person at the host waits longer than the channel lives.
      host: { admit: () => new Promise(() => {}) },
      join: {
        confirm: () => Promise.resolve(false),
        keep: () => {
          isKept.push(true);
          return Promise.resolve(ok(undefined));
        },
      },
    });
    expect([codeOf(host), codeOf(joined)]).toEqual(['closed', 'permission_denied']);
    expect(isKept).toEqual([]);
  });

  test('is not reported as done when the newcomer could not keep it', async () => {
    const parts = await pairingParts();
    const [host, joined] = await pair(parts, { join: { keep: NO_ROOM } });
    expect([codeOf(host), codeOf(joined)]).toEqual(['closed', 'storage_full']);
  });
});

describe('a pairing that goes nowhere', () => {
  test('ends at its deadline when the other side says nothing', async () => {
    const parts = await pairingParts();
    const clock = handClock();
    const [left, right] = memoryChannelPair({ binding: BINDING });
    const waiting = hostPairing(left, { ...hostOptions(parts), after: clock.after });
    await clock.fire(30_000);
    expect(codeOf(await waiting)).toBe('timeout');
    expect(await right.closed).toBe('remote');
  });

  test('ends when the code runs out while people are being asked', async () => {
    const parts = await pairingParts();
    const clock = handClock();
    const asked = Promise.withResolvers<void>();
    const admit = () => {
      asked.resolve();
      return new Promise<never>(() => {});
    };
    const paired = pair(parts, { host: { admit, after: clock.after } });
    await asked.promise;
    // The deadlines of single steps are behind them.
    await clock.fire(30_000);
    await clock.fire(PAIRING_LIFETIME_MS - 1);
    expect((await paired).map(codeOf)).toEqual(['timeout', 'closed']);
  });

  test('is cancelled by either person at any time', async () => {
    const parts = await pairingParts();
    const controller = new AbortController();
    const confirm = () => {
      controller.abort();
      return new Promise<boolean>(() => {});
    };
    const [host, joined] = await pair(parts, {
      host: { admit: () => new Promise(() => {}) },
      join: { confirm, signal: controller.signal },
    });
    expect([codeOf(host), codeOf(joined)]).toEqual(['closed', 'cancelled']);
    const gone = AbortSignal.abort();
    expect(codeOf((await pair(await pairingParts(), { host: { signal: gone } }))[0])).toBe(
      'cancelled',
    );
  });

  test.for([1, 2, 3, 4])(
    'ends on both sides when the channel breaks after %i messages',
    async (n) => {
      const parts = await pairingParts();
      const [host, joined] = await pair(parts, { channel: { faults: { cutAfterMessages: n } } });
      expect(codeOf(host)).toBe('closed');
      // The fourth message is the grant: it came, and is kept.
      expect(codeOf(joined)).toBe(n === 4 ? 'ok' : 'closed');
    },
  );

  test('ends when someone on the way changes what is said', async () => {
    const parts = await pairingParts();
    const [host] = await pair(parts, { channel: { faults: { tamper: TAMPER } } });
    expect(codeOf(host)).toBe('unauthenticated');
  });

  test('ends when the other side talks out of turn', async () => {
    const parts = await pairingParts();
    const [left, right] = memoryChannelPair({ binding: BINDING });
    const hosting = hostPairing(left, hostOptions(parts));
    for (let i = 0; i < 50; i++) await right.send(new Uint8Array(100));
    expect(codeOf(await hosting)).toBe('malformed');
  });

  test('a stranger who only knocks gets twenty tries, and no code is spent before that', async () => {
    const parts = await pairingParts();
    const codes = [];
    for (let i = 0; i < 22; i++) {
      const [left, right] = memoryChannelPair({ binding: BINDING });
      const hosting = hostPairing(left, hostOptions(parts));
      await right.send(Uint8Array.of(i));
      codes.push(codeOf(await hosting));
    }
    expect(codes.slice(0, 20).every((code) => code === 'malformed')).toBe(true);
    expect(codes.slice(20)).toEqual(['rate_limited', 'rate_limited']);
  });
});
