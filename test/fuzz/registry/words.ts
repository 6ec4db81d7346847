// Parsers of the words between an agent's program, the native host and the extension.
import { toBase64Url } from '../../../lib/wire/bytes.ts';
import * as bridge from '../../../lib/wire/bridge.ts';
import type { Decoder } from '../decoder.ts';
import { jsonDecoder, jsonTextDecoder, shapeDecoder } from './json-decoder.ts';

const session = '0123456789abcdef';
const failure = { code: 'not_found', message: 'Not here.', remedy: 'Look elsewhere.' };
const nonce = toBase64Url(new Uint8Array(32));
const refused = { kind: 'refused', failure };
const piece = { kind: 'piece', session, text: '{"kind":"ping"}', more: false };
const mcp = { kind: 'mcp', message: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} } };
const proved = { name: 'scribe', signature: toBase64Url(new Uint8Array(64)) };
const toAgent = [
  { kind: 'challenge', nonce, node: 'did:key:z6Mk' },
  { kind: 'ready' },
  refused,
  mcp,
];
const fromAgent = [
  { kind: 'answer', did: 'did:key:z6Mk', publicKey: nonce, ...proved },
  { kind: 'ping' },
  mcp,
];

export function wordDecoders(): Decoder[] {
  return [
    shapeDecoder('FailureShape', [failure], bridge.FailureShape),
    shapeDecoder(
      'HostMessage',
      [
        { kind: 'hello', version: 1, home: '/home/ada' },
        refused,
        { kind: 'open', session },
        piece,
        { kind: 'close', session },
      ],
      bridge.HostMessage,
    ),
    shapeDecoder('NodeMessage', [piece, { kind: 'close', session }], bridge.NodeMessage),
    shapeDecoder('ToAgent', toAgent, bridge.ToAgent),
    shapeDecoder('FromAgent', fromAgent, bridge.FromAgent),
    shapeDecoder('SocketHello', [{ kind: 'hello', version: 1, nonce }], bridge.SocketHello),
    shapeDecoder(
      'SocketChallenge',
      [{ kind: 'challenge', nonce, proof: nonce }],
      bridge.SocketChallenge,
    ),
    shapeDecoder('SocketProof', [{ kind: 'proof', proof: nonce }], bridge.SocketProof),
    shapeDecoder('SocketVerdict', [{ kind: 'welcome' }, refused], bridge.SocketVerdict),
    jsonTextDecoder('parseWords', fromAgent, (text) => bridge.parseWords(bridge.FromAgent, text)),
    pieceJoiner(),
  ];
}

/** Many pieces, one after another, to one joiner: what comes out is what the last of them says. */
function pieceJoiner(): Decoder {
  const pieces = [piece, { ...piece, more: true }, { ...piece, text: '', more: true }];
  return jsonDecoder('createPieceJoiner', [pieces, [piece], [pieces[1], piece]], joinAll, false);
}

function joinAll(value: unknown): unknown {
  const join = bridge.createPieceJoiner();
  const read = (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    const message = bridge.readWords(bridge.NodeMessage, one);
    return message.ok && message.value.kind === 'piece' ? join(message.value) : message;
  });
  return read.at(-1) ?? null;
}
