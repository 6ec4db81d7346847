// Taking a second device of a person in, over any channel: the conversation with its deadlines.
//
//   newcomer → host   hello    commitment to what the newcomer will reveal
//   host → newcomer   answer   an exchange key, the host's certificate
//   newcomer → host   reveal   an exchange key, the device key and its signature
//   (people compare six digits; the phrase is typed on either side)
//   host → newcomer   grant    the certificate of the new device, the person's devices and home space
//   newcomer → host   receipt  it is kept
//
// The commitment comes before the host's key and is opened after it, so whoever stands between with a stolen code cannot
// choose keys until the digits match: one guess in a million, and the code is spent with it.
import { fail, type Failed, type Result } from '../wire/failure.ts';
import { PAIRING_LIFETIME_MS, type PairingOffer } from './pairing-code.ts';
import type { Enrolment, PairingGift, PairingMeeting } from './pairing-checks.ts';
import { createPairingHost } from './pairing-host.ts';
import { createPairingInbox, type PairingInbox, type PairingPipe } from './pairing-inbox.ts';
import { createPairingNewcomer } from './pairing-newcomer.ts';
import type { Signer } from './signer.ts';

const STEP_DEADLINE_MS = 30_000;

export interface HostPairingOptions {
  readonly offer: PairingOffer;
  readonly signer: Signer;
  readonly certificate: Uint8Array;
  /**
   * Shows the digits, asks whether both screens show the same, asks for the phrase where the meeting has no certificate,
   * and gives what to hand over. The new certificate is to be kept, and to be among the statements, before this
   * resolves. A Failure ends the pairing, and the newcomer gets nothing.
   */
  readonly admit: (meeting: PairingMeeting, signal: AbortSignal) => Promise<Result<PairingGift>>;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Stands in for the clock in tests. */
  readonly after?: (delayMs: number) => AbortSignal;
}

export interface JoinPairingOptions {
  /** 16 bytes: the code that was typed. */
  readonly secret: Uint8Array;
  readonly signer: Signer;
  /** To which secrets are sealed for this device, with its signature that the key is its own. */
  readonly wrapKey: Uint8Array;
  readonly wrapSignature: Uint8Array;
  readonly label: string;
  /** Where the phrase was typed here. */
  readonly certificate: Uint8Array | null;
  /** Shows the digits and whom this device is about to belong to; false ends the pairing. */
  readonly confirm: (meeting: PairingMeeting, signal: AbortSignal) => Promise<boolean>;
  /** Makes what was granted durable, before the host is told that it was. */
  readonly keep: (enrolment: Enrolment) => Promise<Result<void>>;
  readonly signal: AbortSignal;
  readonly after?: (delayMs: number) => AbortSignal;
}

/**
 * Serves one channel on which someone may know the code; closes it. Failures: those of `PairingOffer`, of each step, of
 * `admit`, `timeout`, `closed`, `cancelled`. When only the receipt is missing the device is certified nonetheless:
 * `admit` has kept that, and the person can revoke it.
 */
export async function hostPairing(
  pipe: PairingPipe,
  options: HostPairingOptions,
): Promise<Result<PairingMeeting>> {
  const { offer, now, signal, after = timeoutAfter } = options;
  try {
    const begun = offer.begin(now());
    if (!begun.ok) return begun;
    const deadline = AbortSignal.any([signal, after(Math.max(0, offer.expiresAt - now()))]);
    const inbox = createPairingInbox(pipe, { signal: deadline, after, stepMs: STEP_DEADLINE_MS });
    return await serve(pipe, inbox, { ...options, signal: deadline });
  } finally {
    pipe.close();
  }
}

/** Joins the person whose device shows the code; closes the channel. Failures: of each step, of `keep`, as above. */
export async function joinPairing(
  pipe: PairingPipe,
  options: JoinPairingOptions,
): Promise<Result<Enrolment>> {
  const { signal, after = timeoutAfter } = options;
  try {
    const deadline = AbortSignal.any([signal, after(PAIRING_LIFETIME_MS)]);
    const inbox = createPairingInbox(pipe, { signal: deadline, after, stepMs: STEP_DEADLINE_MS });
    return await join(pipe, inbox, { ...options, signal: deadline });
  } finally {
    pipe.close();
  }
}

async function serve(
  pipe: PairingPipe,
  inbox: PairingInbox,
  { offer, signer, certificate, admit, now, signal }: HostPairingOptions,
): Promise<Result<PairingMeeting>> {
  const side = { secret: offer.secret, binding: pipe.binding, signer, certificate };
  const host = await createPairingHost(side);
  const answer = await inbox.next((hello) => host.answer(hello));
  if (!answer.ok) return answer;
  const asked = await pipe.send(answer.value);
  if (!asked.ok) return asked;
  const met = await inbox.next((reveal) => host.meet(reveal));
  if (!met.ok) return met;
  const claimed = offer.claim(now());
  if (!claimed.ok) return claimed;
  const gift = await inbox.meanwhile(admit(met.value, signal));
  if (!gift.ok) return gift;
  const admitted = gift.value;
  if (!admitted.ok) return admitted;
  const grant = await host.grant(admitted.value);
  if (!grant.ok) return grant;
  const given = await pipe.send(grant.value);
  if (!given.ok) return given;
  // A person at the newcomer may still be comparing digits.
  const receipt = await inbox.nextWithoutHurry((message) => host.conclude(message));
  return receipt.ok ? met : receipt;
}

async function join(
  pipe: PairingPipe,
  inbox: PairingInbox,
  { confirm, keep, signal, ...own }: JoinPairingOptions,
): Promise<Result<Enrolment>> {
  const side = { ...own, binding: pipe.binding };
  const newcomer = await createPairingNewcomer(side);
  const hello = await newcomer.hello();
  const asked = hello.ok ? await pipe.send(hello.value) : hello;
  if (!asked.ok) return asked;
  const revealed = await inbox.next((answer) => newcomer.reveal(answer));
  if (!revealed.ok) return revealed;
  const shown = await pipe.send(revealed.value.message);
  if (!shown.ok) return shown;
  const agreed = await inbox.meanwhile(confirm(revealed.value.meeting, signal));
  if (!agreed.ok) return agreed;
  if (!agreed.value) return declined();
  const enrolled = await inbox.nextWithoutHurry((grant) => newcomer.take(grant));
  if (!enrolled.ok) return enrolled;
  const kept = await keep(enrolled.value);
  if (!kept.ok) return kept;
  const receipt = await newcomer.receipt();
  // What was granted is kept: that the host does not hear of it changes nothing here.
  if (receipt.ok) await pipe.send(receipt.value);
  return enrolled;
}

function timeoutAfter(delayMs: number): AbortSignal {
  return AbortSignal.timeout(delayMs);
}

function declined(): Failed {
  return fail(
    'permission_denied',
    'This device was not added.',
    'If the digits differ, someone stands between the two devices: use another network or relay.',
  );
}
