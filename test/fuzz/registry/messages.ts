// Decoders of what is stored and sent in CBOR: entries, sync, invites, pairing, complaints.
import { fromBase64, toBase64 } from '../../../lib/wire/base64.ts';
import { fromBase64Url, fromHex, toBase64Url, toHex } from '../../../lib/wire/bytes.ts';
import { decodeCbor, encodeCbor, type CborValue } from '../../../lib/wire/cbor.ts';
import {
  COMPLAINT_REASONS,
  decodeComplaint,
  encodeComplaint,
} from '../../../lib/wire/complaint.ts';
import { decodeBody, encodeBody, type EntryBody } from '../../../lib/wire/entry-body.ts';
import { decodeEntry, decodeHeader, encodeEntry, encodeHeader } from '../../../lib/wire/entry.ts';
import {
  inviteLink,
  isInviteAddress,
  parseInviteLink,
  relayAddress,
} from '../../../lib/wire/invite.ts';
import { printable } from '../../../lib/wire/printable.ts';
import { decodeGenesis, encodeGenesis, KEY_SCHEMES } from '../../../lib/wire/space-genesis.ts';
import {
  decodeSyncMessage,
  encodeSyncMessage,
  type SyncMessage,
} from '../../../lib/wire/sync-message.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { junk } from '../junk.ts';
import { blobMessages } from './blobs.ts';
import { bytesDecoder, textDecoder } from './byte-decoder.ts';

const MAX_CBOR_BYTES = 1024 * 1024;

export function messageDecoders(): Decoder[] {
  return [
    bytesDecoder('decodeCbor', anyCbor, (bytes) => decodeCbor(bytes, MAX_CBOR_BYTES), respelled),
    bytesDecoder('decodeEntry', entry, decodeEntry, encodeEntry),
    bytesDecoder('decodeHeader', (random) => header(random, 100), decodeHeader, encodeHeader),
    bytesDecoder('decodeBody', (random) => encodeBody(body(random)), decodeBody, encodeBody),
    bytesDecoder('decodeGenesis', genesis, decodeGenesis, encodeGenesis),
    bytesDecoder(
      'decodeSyncMessage',
      (random) => encodeSyncMessage(random.pick(syncMessages(random))),
      decodeSyncMessage,
      encodeSyncMessage,
    ),
    bytesDecoder('decodeComplaint', complaint, decodeComplaint, encodeComplaint),
    ...textDecoders(),
  ];
}

function textDecoders(): Decoder[] {
  return [
    textDecoder('parseInviteLink', { sample: invite, decode: parseInviteLink }),
    textDecoder('isInviteAddress', { sample: invite, decode: isInviteAddress }),
    textDecoder('relayAddress', { sample: address, decode: relayAddress, settles: true }),
    textDecoder('printable', {
      sample: address,
      decode: (text) => printable(text, 40),
      settles: true,
    }),
    textDecoder('fromHex', {
      sample: (random) => toHex(random.bytes(random.int(40))),
      decode: fromHex,
      spell: (bytes) => toHex(bytes as Uint8Array),
    }),
    textDecoder('fromBase64', {
      sample: (random) => toBase64(random.bytes(random.int(40))),
      decode: fromBase64,
    }),
    textDecoder('fromBase64Url', {
      sample: (random) => toBase64Url(random.bytes(random.int(40))),
      decode: fromBase64Url,
      spell: (bytes) => toBase64Url(bytes as Uint8Array),
    }),
  ];
}

function anyCbor(random: Random): Uint8Array {
  const samples = [entry, genesis, complaint, () => encodeCbor({ b: [1, 'two', null], a: true })];
  return random.pick(samples)(random);
}

function respelled(value: unknown): Uint8Array {
  if (typeof value === 'bigint') throw new Error('a number that is none of ours came out');
  return encodeCbor(value as CborValue);
}

export function entry(random: Random): Uint8Array {
  const sealed = random.bytes(16 + random.int(100));
  const headerBytes = header(random, sealed.length);
  return encodeEntry({ headerBytes, body: sealed, signature: random.bytes(64) });
}

function header(random: Random, bodySize: number): Uint8Array {
  const seq = random.pick([1, 2, 500]);
  return encodeHeader({
    space: random.bytes(32),
    author: random.bytes(32),
    segment: random.bytes(16),
    seq,
    prev: seq === 1 ? null : random.bytes(32),
    control: random.bytes(32),
    seen: random.bytes(32),
    epoch: random.int(100),
    commitment: random.bytes(32),
    nonce: random.bytes(12),
    bodyHash: random.bytes(32),
    bodySize,
  });
}

function body(random: Random): EntryBody {
  const agent = { did: 'did:key:z6Mk', name: 'Scribe', grant: 'grant_1' };
  const point = { author: random.bytes(32), seq: 1 + random.int(9) };
  const seen = random.pick([{}, { seen: [point] }]);
  const base = { at: 1_700_000_000_000, agent: random.pick([null, agent]), ...seen };
  // Junk is CBOR but for a few oddities, which the encoder spells or leaves out.
  const payload = JSON.parse(JSON.stringify(junk(random) ?? null)) as CborValue;
  return random.pick<EntryBody>([
    { ...base, kind: 'change', document: 'page/abc', change: random.bytes(60) },
    { ...base, kind: 'event', event: 'announce', payload },
  ]);
}

function genesis(random: Random): Uint8Array {
  const [creator, salt, access] = [random.bytes(32), random.bytes(16), random.bytes(32)];
  const keys = random.pick(KEY_SCHEMES);
  return encodeGenesis({ creator, salt, access, createdAt: 1_700_000_000_000, keys });
}

function complaint(random: Random): Uint8Array {
  const [space, named, steward, device] = [32, 32, 32, 32].map((length) =>
    random.bytes(length),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const signed = { reason: random.pick(COMPLAINT_REASONS), signature: random.bytes(64) };
  return encodeComplaint({ space, entry: named, epoch: 4, steward, device, ...signed });
}

function syncMessages(random: Random): SyncMessage[] {
  const [space, device, nonce] = [random.bytes(32), random.bytes(32), random.bytes(32)];
  const head = () => ({ author: random.bytes(32), seq: 1 + random.int(9), hash: random.bytes(32) });
  const range = () => ({ author: random.bytes(32), from: 1, to: 1 + random.int(9) });
  const some = <T>(make: () => T): T[] => Array.from({ length: random.int(4) }, make);
  const failure = { code: 'not_found', message: 'Not here.', remedy: 'Look elsewhere.' } as const;
  return [
    { type: 'hello', version: 1, device, nonce, role: random.pick(['node', 'relay']) },
    { type: 'proof', signature: random.bytes(64) },
    { type: 'open', space, genesis: genesis(random), access: random.bytes(64) },
    { type: 'have', space, heads: some(head), whole: random.chance(0.5) },
    { type: 'want', space, ranges: some(range) },
    { type: 'entries', space, entries: some(() => entry(random)) },
    { type: 'presence', space, sealed: random.bytes(40) },
    { type: 'fork', space, first: entry(random), second: entry(random) },
    { type: 'refuse', space: random.pick([null, space]), failure },
    { type: 'close', space },
    ...blobMessages(random),
  ];
}

function invite(random: Random): string {
  return inviteLink({
    lobby: genesis(random),
    secret: random.bytes(32),
    genesis: genesis(random),
    relay: 'https://relay.example.org/base',
    spaceName: 'Reading group',
    inviterName: 'Ada',
    certificate: random.bytes(140),
    createdAt: 1_700_000_000_000,
    signature: random.bytes(64),
  });
}

function address(random: Random): string {
  const scheme = random.pick(['http', 'https', 'ws', 'wss', 'file']);
  const host = random.pick([
    'relay.example.org',
    '127.0.0.1:8787',
    '[::1]:80',
    'me:pw@host',
    'ü.de',
  ]);
  return `${scheme}://${host}/${random.pick(['', 'a/b//', '%2F/', 'ä?q=1&utm_a=2#x', '#/inbox'])}`;
}
