// The device that shows the code: its side of a pairing, fed with messages as they arrive.
import { equalBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  decodePairingReveal,
  encodePairingAnswer,
  encodePairingGrant,
  type PairingReveal,
} from '../wire/pairing-message.ts';
import { readCertificate } from './certificate.ts';
import {
  certificateFor,
  commitmentOf,
  createTurns,
  devicesWith,
  grantMessage,
  meetingBetween,
  outOfTurn,
  revealMessage,
  type PairingGift,
  type PairingMeeting,
  type PairingSide,
} from './pairing-checks.ts';
import { createPairingExchange, createPairingSeal } from './pairing-seal.ts';
import { isRegistrable, verify } from './signature.ts';

export interface PairingHost {
  /** Takes the hello and gives the answer. */
  answer(hello: Uint8Array): Promise<Result<Uint8Array>>;
  /** Takes the reveal. */
  meet(reveal: Uint8Array): Promise<Result<PairingMeeting>>;
  /** Gives the grant. Failures: `bad_signature` (not the person's certificate for this device), `permission_denied`. */
  grant(gift: PairingGift): Promise<Result<Uint8Array>>;
  /** Takes the receipt. */
  conclude(receipt: Uint8Array): Promise<Result<void>>;
}

/**
 * Every step is taken once and in order. Failures of each: `malformed`, `not_canonical`, `too_large`,
 * `unsupported_version`, `unauthenticated`, `bad_signature`; after one the conversation is over.
 */
export async function createPairingHost(
  side: PairingSide & { readonly certificate: Uint8Array },
): Promise<PairingHost> {
  const { certificate, signer, secret, binding } = side;
  const seal = createPairingSeal(secret, binding);
  const exchange = await createPairingExchange();
  const own = { exchangeKey: exchange.publicKey, certificate };
  const inTurn = createTurns();
  let commitment = new Uint8Array();
  let met: PairingMeeting | null = null;

  async function answer(message: Uint8Array): Promise<Result<Uint8Array>> {
    const opened = await seal.open('hello', message);
    if (!opened.ok) return opened;
    commitment = new Uint8Array(opened.value);
    return ok(await seal.seal('answer', encodePairingAnswer(own)));
  }

  async function meet(message: Uint8Array): Promise<Result<PairingMeeting>> {
    const host = await readCertificate(certificate);
    if (!host.ok) return host;
    const before = seal.transcript();
    const opened = await seal.open('reveal', message);
    if (!opened.ok) return opened;
    const decoded = decodePairingReveal(opened.value);
    if (!decoded.ok) return decoded;
    const checked = await checkReveal(decoded.value, { commitment, before, ...host.value });
    if (!checked.ok) return checked;
    const shared = await exchange.sharedWith(decoded.value.exchangeKey);
    if (!shared.ok) return shared;
    seal.strengthen(shared.value);
    met = meetingBetween(own, decoded.value, host.value.person);
    return ok(met);
  }

  async function grant(gift: PairingGift): Promise<Result<Uint8Array>> {
    if (met === null) return outOfTurn();
    const fits = await certificateFor(gift.certificate, met.person, met.deviceKey);
    if (!fits.ok) return fits;
    const taking = [signer.publicKey, met.deviceKey];
    const devices = await devicesWith(met.person, gift.statements, taking);
    if (!devices.ok) return devices;
    const signature = await signer.sign(grantMessage(seal.transcript()));
    return ok(await seal.seal('grant', encodePairingGrant({ ...gift, signature })));
  }

  async function conclude(message: Uint8Array): Promise<Result<void>> {
    const opened = await seal.open('receipt', message);
    return opened.ok ? ok(undefined) : opened;
  }

  return {
    answer: (hello) => inTurn(0, () => answer(hello)),
    meet: (reveal) => inTurn(1, () => meet(reveal)),
    grant: (gift) => inTurn(2, () => grant(gift)),
    conclude: (receipt) => inTurn(3, () => conclude(receipt)),
  };
}

interface Expected {
  readonly commitment: Uint8Array;
  /** The transcript that the newcomer signed. */
  readonly before: Uint8Array;
  readonly person: string;
  readonly deviceKey: Uint8Array;
}

async function checkReveal(reveal: PairingReveal, expected: Expected): Promise<Result<void>> {
  if (!equalBytes(commitmentOf(reveal), expected.commitment)) return unproven();
  if (equalBytes(reveal.deviceKey, expected.deviceKey)) return unproven();
  if (!isRegistrable(reveal.deviceKey)) return unproven();
  const message = revealMessage(expected.before, reveal);
  if (!(await verify(reveal.deviceKey, message, reveal.signature))) return unproven();
  if (reveal.certificate === null) return ok(undefined);
  const vouched = await certificateFor(reveal.certificate, expected.person, reveal.deviceKey);
  return vouched.ok ? ok(undefined) : vouched;
}

function unproven(): Result<never> {
  return fail(
    'unauthenticated',
    'The other device could not prove the key that it came with.',
    'Nothing was handed over. Show a new code; if this happens again, someone may be between you.',
  );
}
