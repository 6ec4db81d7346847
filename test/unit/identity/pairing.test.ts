// The conversation of a pairing step by step: what it gives, and what a stranger or a relay gets.
import { describe, expect, test } from 'vitest';
import { certifyDevice, readCertificate } from '../../../lib/identity/certificate.ts';
import { revokeDevice } from '../../../lib/identity/device-list.ts';
import { createPairingOffer } from '../../../lib/identity/pairing-code.ts';
import { createPairingHost } from '../../../lib/identity/pairing-host.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  BINDING,
  codeOf,
  converse,
  giftFor,
  hostOf,
  newcomerOf,
  newDevice,
  NOW,
  pairingParts,
  PHONE,
} from '../../support/pairing-parts.ts';

describe('a pairing', () => {
  test('makes the new device one of the person, with the way to all that is theirs', async () => {
    const parts = await pairingParts();
    const { enrolment, met, seen } = await converse(parts);
    expect(met.digits).toMatch(/^\d{3} \d{3}$/);
    expect(seen).toEqual(met);
    expect(met).toMatchObject({
      person: parts.person.did,
      device: parts.phone.did,
      label: 'Phone',
    });
    expect(enrolment).toMatchObject({ person: parts.person.did, name: 'Ada' });
    expect(enrolment.home).toMatchObject({ relay: 'https://relay.example' });
    expect(met).toMatchObject(PHONE);
    expect(enrolment.devices.current.map(({ device }) => device).toSorted()).toEqual(
      [parts.laptop.did, parts.phone.did].toSorted(),
    );
    expect(unwrap(await readCertificate(enrolment.certificate))).toMatchObject({
      person: parts.person.did,
      device: parts.phone.did,
    });
  });

  test('needs no phrase at the old device where it was typed at the new one', async () => {
    const parts = await pairingParts();
    const certificate = await certifyDevice(parts.person, parts.phone.publicKey, NOW);
    const { met, enrolment } = await converse(parts, { certificate });
    expect(toHex(met.certificate ?? new Uint8Array())).toBe(toHex(certificate));
    expect(toHex(enrolment.certificate)).toBe(toHex(certificate));
  });

  test('shows other digits each time', async () => {
    const parts = await pairingParts();
    const digits = await Promise.all(
      Array.from({ length: 5 }, async () => (await converse(parts)).met.digits),
    );
    expect(new Set(digits).size).toBeGreaterThan(3);
  });

  test('shows no one on the way what is said', async () => {
    const parts = await pairingParts();
    const { messages } = await converse(parts);
    const wire = Object.values(messages).map(toHex).join();
    for (const secret of [parts.phone.publicKey, parts.laptop.publicKey, parts.certificate]) {
      expect(wire).not.toContain(toHex(secret));
    }
    expect(wire).not.toContain(toHex(new Uint8Array(32).fill(9)));
  });
});

describe('without the code', () => {
  test('a newcomer with another code gets no answer', async () => {
    const parts = await pairingParts();
    const stranger = await newcomerOf(parts, { secret: createPairingOffer(NOW).secret });
    const host = await hostOf(parts);
    expect(codeOf(await host.answer(unwrap(await stranger.hello())))).toBe('unauthenticated');
  });

  test('a host with another code learns nothing of the newcomer', async () => {
    const parts = await pairingParts();
    const newcomer = await newcomerOf(parts);
    const impostor = await hostOf({ ...parts, offer: createPairingOffer(NOW) });
    expect(codeOf(await impostor.answer(unwrap(await newcomer.hello())))).toBe('unauthenticated');
  });

  test('no message can be changed, cut, made longer or left out', async () => {
    const parts = await pairingParts();
    const { messages } = await converse(parts);
    for (const length of [0, 1, 10, messages.hello.length - 1]) {
      const host = await hostOf(parts);
      expect(codeOf(await host.answer(messages.hello.slice(0, length)))).toBe('malformed');
    }
    for (let at = 0; at < messages.hello.length; at += 3) {
      const host = await hostOf(parts);
      const turned = messages.hello.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(codeOf(await host.answer(turned))).not.toBe('ok');
    }
    const newcomer = await newcomerOf(parts);
    await newcomer.hello();
    expect(codeOf(await newcomer.reveal(messages.answer.map((byte) => byte ^ 1)))).not.toBe('ok');
    const host = await hostOf(parts);
    expect(codeOf(await host.meet(messages.reveal))).toBe('malformed');
  });

  test('messages of another conversation are worth nothing', async () => {
    const parts = await pairingParts();
    const { messages } = await converse(parts);
    const host = await hostOf(parts);
    // A hello may be said again: it is the answer to it that is new.
    unwrap(await host.answer(messages.hello));
    expect(codeOf(await host.meet(messages.reveal))).toBe('unauthenticated');
    const newcomer = await newcomerOf(parts);
    await newcomer.hello();
    expect(codeOf(await newcomer.reveal(messages.answer))).toBe('unauthenticated');
  });

  test('a message that is sent back to who said it is refused', async () => {
    const parts = await pairingParts();
    const newcomer = await newcomerOf(parts);
    const hello = unwrap(await newcomer.hello());
    expect(codeOf(await newcomer.reveal(hello))).toBe('unauthenticated');
  });

  test('a step that was taken cannot be taken again', async () => {
    const parts = await pairingParts();
    const { host, newcomer, messages, met } = await converse(parts);
    expect(codeOf(await host.answer(messages.hello))).toBe('malformed');
    expect(codeOf(await host.meet(messages.reveal))).toBe('malformed');
    expect(codeOf(await host.grant(unwrap(await giftFor(parts, met))))).toBe('malformed');
    expect(codeOf(await host.conclude(messages.receipt))).toBe('malformed');
    expect(codeOf(await newcomer.take(messages.grant))).toBe('malformed');
  });

  test('another connection than the one that both ends see is found out', async () => {
    const parts = await pairingParts();
    const newcomer = await newcomerOf(parts);
    const host = await hostOf(parts, new Uint8Array(32).fill(8));
    expect(codeOf(await host.answer(unwrap(await newcomer.hello())))).toBe('unauthenticated');
  });
});

describe('who belongs to whom', () => {
  test('a certificate by another person is refused on either side', async () => {
    const parts = await pairingParts();
    const mallory = await signerOfSeed(new Uint8Array(32).fill(66));
    const certificate = await certifyDevice(mallory, parts.phone.publicKey, NOW);
    const newcomer = await newcomerOf(parts, { certificate });
    const host = await hostOf(parts);
    const answer = unwrap(await host.answer(unwrap(await newcomer.hello())));
    expect(codeOf(await newcomer.reveal(answer))).toBe('bad_signature');
    const honest = await newcomerOf(parts);
    const second = await hostOf(parts);
    const reply = unwrap(await second.answer(unwrap(await honest.hello())));
    const met = unwrap(await second.meet(unwrap(await honest.reveal(reply)).message));
    const gift = unwrap(await giftFor(parts, met));
    expect(codeOf(await second.grant({ ...gift, certificate }))).toBe('bad_signature');
  });

  test('the words of another person certify nothing', async () => {
    const parts = await pairingParts();
    const { met } = await converse(parts);
    const other = 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong';
    expect(codeOf(await giftFor(parts, met, other))).toBe('unauthenticated');
    expect(codeOf(await giftFor(parts, met, 'zoo zoo zoo'))).toBe('malformed');
  });

  test('a device that was revoked is not taken in, and takes none in', async () => {
    const parts = await pairingParts();
    for (const device of [parts.phone, parts.laptop]) {
      const [host, newcomer] = await Promise.all([hostOf(parts), newcomerOf(parts)]);
      const answer = unwrap(await host.answer(unwrap(await newcomer.hello())));
      const met = unwrap(await host.meet(unwrap(await newcomer.reveal(answer)).message));
      const gift = unwrap(await giftFor(parts, met));
      const revoked = await revokeDevice(parts.person, device.publicKey, NOW);
      const statements = [...gift.statements, revoked];
      expect(codeOf(await host.grant({ ...gift, statements }))).toBe('permission_denied');
    }
  });

  test('a host whose own certificate is another device’s is no host', async () => {
    const parts = await pairingParts();
    const signer = await newDevice();
    const { secret } = parts.offer;
    const { certificate } = parts;
    const host = await createPairingHost({ secret, binding: BINDING, signer, certificate });
    const newcomer = await newcomerOf(parts);
    const answer = unwrap(await host.answer(unwrap(await newcomer.hello())));
    const met = unwrap(await host.meet(unwrap(await newcomer.reveal(answer)).message));
    const grant = unwrap(await host.grant(unwrap(await giftFor(parts, met))));
    expect(codeOf(await newcomer.take(grant))).toBe('unauthenticated');
  });
});
