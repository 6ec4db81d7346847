// What both sides of a pairing know: what they show a person, and what they check of each other.
import { equalBytes } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  encodeUnsignedReveal,
  type PairingAnswer,
  type PairingGrant,
  type PairingReveal,
} from '../wire/pairing-message.ts';
import { readCertificate, type DeviceCertificate } from './certificate.ts';
import { readDevices, type PersonDevices } from './device-list.ts';
import { didOfKey } from './did-key.ts';
import { hashOf } from './hash.ts';
import type { Signer } from './signer.ts';

/** Two devices that have met: what a person looks at before anything is handed over. */
export interface PairingMeeting {
  /** Six digits, the same on both screens unless someone stands between. */
  readonly digits: string;
  /** did:key of the person who is joined. */
  readonly person: string;
  /** did:key and key of the new device. */
  readonly device: string;
  readonly deviceKey: Uint8Array;
  /** To which secrets are sealed for the new device, with its word that the key is its own: not looked at here. */
  readonly wrapKey: Uint8Array;
  readonly wrapSignature: Uint8Array;
  /** What the new device calls itself. */
  readonly label: string;
  /** The new device's certificate where the phrase was typed there, verified; null where the host has to ask. */
  readonly certificate: Uint8Array | null;
}

/** What the host hands over. */
export type PairingGift = Omit<PairingGrant, 'signature'>;

/** What the newcomer has once it is taken in. */
export interface Enrolment extends PairingGift {
  /** did:key. */
  readonly person: string;
  readonly devices: PersonDevices;
}

export interface PairingSide {
  /** 16 bytes: the code. */
  readonly secret: Uint8Array;
  /** 32 bytes that the two ends of the channel agree on. */
  readonly binding: Uint8Array;
  readonly signer: Signer;
}

/** What the hello commits to: everything of the reveal that the digits depend on. */
export function commitmentOf(
  reveal: Pick<PairingReveal, 'exchangeKey' | 'blind' | 'deviceKey'>,
): Uint8Array {
  return hashOf('pairing-commitment', reveal.exchangeKey, reveal.blind, reveal.deviceKey);
}

/** What a newcomer signs: that the key is its own, in this very conversation. */
export function revealMessage(
  transcript: Uint8Array,
  reveal: Omit<PairingReveal, 'signature'>,
): Uint8Array {
  return hashOf('pairing-reveal', transcript, encodeUnsignedReveal(reveal));
}

/** What a host signs: that it is the device of the certificate that it showed. */
export function grantMessage(transcript: Uint8Array): Uint8Array {
  return hashOf('pairing-grant', transcript);
}

export function meetingBetween(
  answer: PairingAnswer,
  reveal: Omit<PairingReveal, 'signature'>,
  person: string,
): PairingMeeting {
  const { deviceKey, wrapKey, wrapSignature, label, certificate } = reveal;
  const names = { digits: digitsOf(answer, reveal), person, device: didOfKey(deviceKey) };
  return { ...names, deviceKey, wrapKey, wrapSignature, label, certificate };
}

/**
 * Only of what was committed to and of the answer that came after: a sender may vary the rest of its messages at will and
 * would search until the digits fit.
 */
function digitsOf(answer: PairingAnswer, reveal: Omit<PairingReveal, 'signature'>): string {
  const hash = hashOf(
    'pairing-digits',
    commitmentOf(reveal),
    answer.exchangeKey,
    hashOf('pairing-certificate', answer.certificate),
  );
  const digits = String(new DataView(hash.buffer, hash.byteOffset).getUint32(0) % 1_000_000);
  const padded = digits.padStart(6, '0');
  return `${padded.slice(0, 3)} ${padded.slice(3)}`;
}

/** A certificate by `person` for the device. Failures as of `readCertificate`; `bad_signature` for another's. */
export async function certificateFor(
  bytes: Uint8Array,
  person: string,
  deviceKey: Uint8Array,
): Promise<Result<DeviceCertificate>> {
  const read = await readCertificate(bytes);
  if (!read.ok) return read;
  const isTheirs = read.value.person === person && equalBytes(read.value.deviceKey, deviceKey);
  return isTheirs ? read : anotherPerson();
}

/** The person's devices, when none of those that take part was revoked. Failure: `permission_denied`. */
export async function devicesWith(
  person: string,
  statements: readonly Uint8Array[],
  taking: readonly Uint8Array[],
): Promise<Result<PersonDevices>> {
  const { devices } = await readDevices(person, statements);
  const names = taking.map(didOfKey);
  return devices.revoked.some(({ device }) => names.includes(device)) ? revoked() : ok(devices);
}

/** Runs the steps of a conversation in their order, each once; the first failure ends it. */
export function createTurns(): <T>(
  turn: number,
  step: () => Promise<Result<T>>,
) => Promise<Result<T>> {
  let next = 0;
  return async (turn, step) => {
    if (turn !== next) return outOfTurn();
    next = -1;
    const done = await step();
    if (done.ok) next = turn + 1;
    return done;
  };
}

export function outOfTurn(): Result<never> {
  return fail(
    'malformed',
    'The other device did not follow the way in which devices are added.',
    'Update Commonplace on both devices, then start again with a new code.',
  );
}

function anotherPerson(): Result<never> {
  return fail(
    'bad_signature',
    'The new device is certified by another person than the one it wants to join.',
    'Type the twelve words of the person whose browser shows the code.',
  );
}

function revoked(): Result<never> {
  return fail(
    'permission_denied',
    'This device was removed from the person’s devices, and cannot come back as the same device.',
    'Reset Commonplace on it, so that it makes a new key, then add it again.',
  );
}
