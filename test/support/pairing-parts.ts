// Two devices that are to be paired: Ada's laptop, which shows the code, and her new phone.
import {
  certificateFor,
  type Enrolment,
  type PairingGift,
  type PairingMeeting,
} from '../../lib/identity/pairing-checks.ts';
import { certifyDevice } from '../../lib/identity/certificate.ts';
import { certifyWithPhrase } from '../../lib/identity/enrolment.ts';
import { createPairingOffer, type PairingOffer } from '../../lib/identity/pairing-code.ts';
import { createPairingHost, type PairingHost } from '../../lib/identity/pairing-host.ts';
import {
  createPairingNewcomer,
  type NewcomerSide,
  type PairingNewcomer,
} from '../../lib/identity/pairing-newcomer.ts';
import { signerOfPhrase } from '../../lib/identity/person.ts';
import { createDeviceKey, signerOfDevice, type Signer } from '../../lib/identity/signer.ts';
import { ok, unwrap, type Result } from '../../lib/wire/failure.ts';

export const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
export const NOW = 1_700_000_000_000;
export const BINDING = new Uint8Array(32).fill(7);

/** Only the node looks at the wrap key. */
export const PHONE = {
  label: 'Phone',
  wrapKey: new Uint8Array(32).fill(3),
  wrapSignature: new Uint8Array(64).fill(4),
};

export interface PairingParts {
  readonly person: Signer;
  readonly laptop: Signer;
  readonly certificate: Uint8Array;
  readonly phone: Signer;
  readonly offer: PairingOffer;
}

export async function pairingParts(): Promise<PairingParts> {
  const person = unwrap(await signerOfPhrase(PHRASE));
  const [laptop, phone] = await Promise.all([newDevice(), newDevice()]);
  const certificate = await certifyDevice(person, laptop.publicKey, NOW);
  return { person, laptop, certificate, phone, offer: createPairingOffer(NOW) };
}

export async function newDevice(): Promise<Signer> {
  return signerOfDevice(await createDeviceKey());
}

export function hostOf(
  { offer, laptop, certificate }: PairingParts,
  binding = BINDING,
): Promise<PairingHost> {
  return createPairingHost({ secret: offer.secret, binding, signer: laptop, certificate });
}

export function newcomerOf(
  { offer, phone }: PairingParts,
  changes: Partial<NewcomerSide> = {},
): Promise<PairingNewcomer> {
  const side = { secret: offer.secret, binding: BINDING, signer: phone };
  return createPairingNewcomer({ ...side, ...PHONE, certificate: null, ...changes });
}

/** What the laptop hands over after Ada typed her phrase there. */
export async function giftFor(
  parts: PairingParts,
  meeting: PairingMeeting,
  phrase = PHRASE,
): Promise<Result<PairingGift>> {
  const { deviceKey, person } = meeting;
  const certified =
    meeting.certificate === null
      ? await certifyWithPhrase(phrase, person, deviceKey, NOW)
      : ok(meeting.certificate);
  if (!certified.ok) return certified;
  unwrap(await certificateFor(certified.value, person, deviceKey));
  return ok({
    certificate: certified.value,
    name: 'Ada',
    statements: [parts.certificate, certified.value],
    home: {
      genesis: new Uint8Array(100).fill(1),
      relay: 'https://relay.example',
      control: [new Uint8Array(200).fill(2)],
    },
  });
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.failure.code;
}

/** The messages of a whole conversation, and what came of it. */
export async function converse(parts: PairingParts, changes: Partial<NewcomerSide> = {}) {
  const [host, newcomer] = await Promise.all([hostOf(parts), newcomerOf(parts, changes)]);
  const hello = unwrap(await newcomer.hello());
  const answer = unwrap(await host.answer(hello));
  const { message: reveal, meeting: seen } = unwrap(await newcomer.reveal(answer));
  const met = unwrap(await host.meet(reveal));
  const grant = unwrap(await host.grant(unwrap(await giftFor(parts, met))));
  const enrolment: Enrolment = unwrap(await newcomer.take(grant));
  const receipt = unwrap(await newcomer.receipt());
  unwrap(await host.conclude(receipt));
  return {
    host,
    newcomer,
    messages: { hello, answer, reveal, grant, receipt },
    met,
    seen,
    enrolment,
  };
}
