// Decoders of what two devices of one person say to each other while the second is taken in.
import {
  decodePairingAnswer,
  decodePairingEnvelope,
  decodePairingGrant,
  decodePairingReveal,
  encodePairingAnswer,
  encodePairingEnvelope,
  encodePairingGrant,
  encodePairingReveal,
} from '../../../lib/wire/pairing-message.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder } from './byte-decoder.ts';

export function pairingDecoders(): Decoder[] {
  return [
    bytesDecoder('decodePairingEnvelope', envelope, decodePairingEnvelope, encodePairingEnvelope),
    bytesDecoder('decodePairingAnswer', answer, decodePairingAnswer, encodePairingAnswer),
    bytesDecoder('decodePairingReveal', reveal, decodePairingReveal, encodePairingReveal),
    bytesDecoder('decodePairingGrant', grant, decodePairingGrant, encodePairingGrant),
  ];
}

function envelope(random: Random): Uint8Array {
  const step = random.pick(['hello', 'answer', 'reveal', 'grant', 'receipt'] as const);
  return encodePairingEnvelope({ step, nonce: random.bytes(12), sealed: random.bytes(80) });
}

function answer(random: Random): Uint8Array {
  return encodePairingAnswer({ exchangeKey: random.bytes(65), certificate: random.bytes(140) });
}

function reveal(random: Random): Uint8Array {
  return encodePairingReveal({
    exchangeKey: random.bytes(65),
    blind: random.bytes(32),
    deviceKey: random.bytes(32),
    wrapKey: random.bytes(32),
    wrapSignature: random.bytes(64),
    label: 'Laptop',
    certificate: random.pick([null, random.bytes(140)]),
    signature: random.bytes(64),
  });
}

function grant(random: Random): Uint8Array {
  const home = {
    genesis: random.bytes(90),
    relay: 'https://relay.example.org',
    control: [random.bytes(400), random.bytes(300)],
  };
  return encodePairingGrant({
    certificate: random.bytes(140),
    name: 'Ada',
    statements: [random.bytes(140)],
    home,
    signature: random.bytes(64),
  });
}
