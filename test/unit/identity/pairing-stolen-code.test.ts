// A pairing whose code was stolen: who stands between, who listens, who brings keys that are not theirs.
import { describe, expect, test } from 'vitest';
import { commitmentOf, revealMessage } from '../../../lib/identity/pairing-checks.ts';
import { createPairingExchange, createPairingSeal } from '../../../lib/identity/pairing-seal.ts';
import type { Signer } from '../../../lib/identity/signer.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { encodePairingReveal } from '../../../lib/wire/pairing-message.ts';
import { mixedKey } from '../../support/ed25519-cases.ts';
import {
  BINDING,
  codeOf,
  converse,
  giftFor,
  hostOf,
  newcomerOf,
  newDevice,
  pairingParts,
  PHONE,
} from '../../support/pairing-parts.ts';

describe('with a stolen code', () => {
  test('who stands between and swaps keys makes the two screens differ', async () => {
    const parts = await pairingParts();
    const mallory = await newDevice();
    const [host, newcomer] = await Promise.all([hostOf(parts), newcomerOf(parts)]);
    // To Ada's laptop Mallory is the phone; to the phone she is Ada's laptop, with Ada's certificate.
    const asPhone = await newcomerOf({ ...parts, phone: mallory });
    const asLaptop = await hostOf({ ...parts, laptop: mallory });
    const toPhone = unwrap(await asLaptop.answer(unwrap(await newcomer.hello())));
    const toLaptop = unwrap(await host.answer(unwrap(await asPhone.hello())));
    const phoneSees = unwrap(await newcomer.reveal(toPhone));
    const relayed = unwrap(await asPhone.reveal(toLaptop));
    const laptopSees = unwrap(await host.meet(relayed.message));
    expect(laptopSees.digits).not.toBe(phoneSees.meeting.digits);
    expect(laptopSees.device).toBe(mallory.did);
    // And were Ada not to look, the phone would still not take Mallory for her laptop.
    const met = unwrap(await asLaptop.meet(phoneSees.message));
    const gift = unwrap(await giftFor(parts, met));
    const hostile = await asLaptop.grant(gift);
    expect(codeOf(await newcomer.take(unwrap(hostile)))).toBe('unauthenticated');
  });

  test('who only listened cannot open what was handed over', async () => {
    const parts = await pairingParts();
    const { messages } = await converse(parts);
    const listener = createPairingSeal(parts.offer.secret, BINDING);
    unwrap(await listener.open('hello', messages.hello));
    unwrap(await listener.open('answer', messages.answer));
    unwrap(await listener.open('reveal', messages.reveal));
    expect(codeOf(await listener.open('grant', messages.grant))).toBe('unauthenticated');
  });

  test('nobody can reveal another key than the one committed to', async () => {
    const parts = await pairingParts();
    const host = await hostOf(parts);
    const thief = await thiefOf(parts.offer.secret);
    const committed = await thief.hello(await newDevice());
    const other = await newDevice();
    const reveal = await thief.reveal(unwrap(await host.answer(committed)), other, other);
    expect(codeOf(await host.meet(reveal))).toBe('unauthenticated');
  });

  test('nobody can bring a key that they do not hold, or one that must not be registered', async () => {
    const parts = await pairingParts();
    const weak = { ...(await newDevice()), publicKey: mixedKey('device', 4).bytes };
    for (const brought of [parts.phone, parts.laptop, weak]) {
      const host = await hostOf(parts);
      const thief = await thiefOf(parts.offer.secret);
      const hello = await thief.hello(brought);
      const reveal = await thief.reveal(
        unwrap(await host.answer(hello)),
        brought,
        await newDevice(),
      );
      expect(codeOf(await host.meet(reveal))).toBe('unauthenticated');
    }
  });
});

/** Who knows the code and says what they like. */
async function thiefOf(secret: Uint8Array) {
  const seal = createPairingSeal(secret, BINDING);
  const { publicKey } = await createPairingExchange();
  const blind = new Uint8Array(32);
  const fields = (device: Signer) => ({
    exchangeKey: publicKey,
    blind,
    deviceKey: device.publicKey,
    ...PHONE,
    certificate: null,
  });
  return {
    hello: (device: Signer) => seal.seal('hello', commitmentOf(fields(device))),
    reveal: async (answer: Uint8Array, device: Signer, signer: Signer) => {
      unwrap(await seal.open('answer', answer));
      const unsigned = fields(device);
      const signature = await signer.sign(revealMessage(seal.transcript(), unsigned));
      return seal.seal('reveal', encodePairingReveal({ ...unsigned, signature }));
    },
  };
}
