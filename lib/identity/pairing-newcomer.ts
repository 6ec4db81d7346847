// The device that the code is typed into: its side of a pairing, fed with messages as they arrive.
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  decodePairingAnswer,
  decodePairingGrant,
  encodePairingReveal,
  type PairingAnswer,
} from '../wire/pairing-message.ts';
import { readCertificate, type DeviceCertificate } from './certificate.ts';
import { hashOf, randomBytes } from './hash.ts';
import {
  certificateFor,
  commitmentOf,
  createTurns,
  devicesWith,
  grantMessage,
  meetingBetween,
  outOfTurn,
  revealMessage,
  type Enrolment,
  type PairingMeeting,
  type PairingSide,
} from './pairing-checks.ts';
import { createPairingExchange, createPairingSeal } from './pairing-seal.ts';
import { verify } from './signature.ts';

export interface PairingNewcomer {
  /** Gives the hello. */
  hello(): Promise<Result<Uint8Array>>;
  /** Takes the answer and gives the reveal. */
  reveal(answer: Uint8Array): Promise<Result<Revealed>>;
  /** Takes the grant. */
  take(grant: Uint8Array): Promise<Result<Enrolment>>;
  /** Gives the receipt, once what was granted is kept. */
  receipt(): Promise<Result<Uint8Array>>;
}

export interface Revealed {
  readonly message: Uint8Array;
  readonly meeting: PairingMeeting;
}

export interface NewcomerSide extends PairingSide {
  /** 32 bytes, X25519, to which secrets are sealed for this device, and its signature that the key is its own. */
  readonly wrapKey: Uint8Array;
  readonly wrapSignature: Uint8Array;
  /** What this device calls itself, "Firefox on Linux" for example. */
  readonly label: string;
  /** The certificate for this device where the phrase was typed here; null where the host will ask for it. */
  readonly certificate: Uint8Array | null;
}

/**
 * Every step is taken once and in order. Failures of each: `malformed`, `not_canonical`, `too_large`,
 * `unsupported_version`, `unauthenticated`, `bad_signature`; after one the conversation is over.
 */
export async function createPairingNewcomer(side: NewcomerSide): Promise<PairingNewcomer> {
  const { signer, secret, binding, wrapKey, wrapSignature, label, certificate } = side;
  const deviceKey = signer.publicKey;
  const seal = createPairingSeal(secret, binding);
  const exchange = await createPairingExchange();
  const own = { exchangeKey: exchange.publicKey, blind: randomBytes(32), deviceKey };
  const inTurn = createTurns();
  let host: DeviceCertificate | null = null;

  async function reveal(message: Uint8Array): Promise<Result<Revealed>> {
    const answer = await openAnswer(message);
    if (!answer.ok) return answer;
    const met = await meet(answer.value);
    if (!met.ok) return met;
    const shared = await exchange.sharedWith(answer.value.exchangeKey);
    if (!shared.ok) return shared;
    const unsigned = { ...own, wrapKey, wrapSignature, label, certificate };
    const signature = await signer.sign(revealMessage(seal.transcript(), unsigned));
    const sealed = await seal.seal('reveal', encodePairingReveal({ ...unsigned, signature }));
    seal.strengthen(shared.value);
    return ok({
      message: sealed,
      meeting: meetingBetween(answer.value, unsigned, met.value.person),
    });
  }

  async function openAnswer(message: Uint8Array): Promise<Result<PairingAnswer>> {
    const opened = await seal.open('answer', message);
    return opened.ok ? decodePairingAnswer(opened.value) : opened;
  }

  async function meet(answer: PairingAnswer): Promise<Result<DeviceCertificate>> {
    const read = await readCertificate(answer.certificate);
    if (!read.ok) return read;
    host = read.value;
    return certificate === null ? read : certificateFor(certificate, host.person, deviceKey);
  }

  async function take(message: Uint8Array): Promise<Result<Enrolment>> {
    if (host === null) return outOfTurn();
    const before = seal.transcript();
    const opened = await seal.open('grant', message);
    if (!opened.ok) return opened;
    const decoded = decodePairingGrant(opened.value);
    if (!decoded.ok) return decoded;
    const { signature, ...gift } = decoded.value;
    if (!(await verify(host.deviceKey, grantMessage(before), signature))) return notTheHost();
    const vouched = await certificateFor(gift.certificate, host.person, deviceKey);
    if (!vouched.ok) return vouched;
    const devices = await devicesWith(host.person, gift.statements, [host.deviceKey, deviceKey]);
    if (!devices.ok) return devices;
    return ok({ ...gift, person: host.person, devices: devices.value });
  }

  return {
    hello: () => inTurn(0, async () => ok(await seal.seal('hello', commitmentOf(own)))),
    reveal: (answer) => inTurn(1, () => reveal(answer)),
    take: (grant) => inTurn(2, () => take(grant)),
    receipt: () => inTurn(3, async () => ok(await seal.seal('receipt', hashOf('pairing-receipt')))),
  };
}

function notTheHost(): Result<never> {
  return fail(
    'unauthenticated',
    'The device that showed the code could not prove whose it is.',
    'Nothing was taken over. Start again with a new code.',
  );
}
