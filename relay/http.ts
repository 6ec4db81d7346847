// The few addresses that the relay answers without a WebSocket. It serves no files and takes no bodies.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail, type Failed } from '../lib/wire/failure.ts';
import { homePage, joinPage, PAGE_POLICY } from './pages.ts';

export interface HttpFacts {
  health(): Record<string, string | number | boolean>;
  metrics(): string;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function answerRequests(facts: HttpFacts) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const answer = answerTo(request, facts);
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': Buffer.byteLength(answer.body),
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      ...answer.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  };
}

function answerTo({ method, url = '' }: IncomingMessage, facts: HttpFacts): Answer {
  if (method !== 'GET' && method !== 'HEAD') return { ...json(405, BAD_METHOD), headers: ALLOW };
  switch (url.split('?', 1)[0]) {
    case '/':
      return html(homePage());
    case '/join':
      return html(joinPage());
    case '/health':
      return json(200, facts.health());
    case '/metrics':
      return {
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: facts.metrics(),
      };
    case '/sync':
    case '/peerjs':
      return { ...json(426, NEEDS_UPGRADE), headers: { upgrade: 'websocket' } };
    // Where a PeerJS client that has no id asks for one, with its path "/" or "/peerjs".
    case '/peerjs/id':
    case '/peerjs/peerjs/id':
      return json(403, NO_IDS);
    default:
      return json(404, NOT_FOUND);
  }
}

function html(body: string): Answer {
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

export function json(status: number, value: Failed | Record<string, unknown>): Answer {
  const body = 'failure' in value ? value.failure : value;
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}

const ALLOW = { allow: 'GET, HEAD' };

const BAD_METHOD = fail('bad_arguments', 'This address only answers GET.', 'Use GET.');

const NEEDS_UPGRADE = fail(
  'bad_arguments',
  'This address speaks WebSocket.',
  'Open it with a WebSocket client.',
);

const NO_IDS = fail(
  'bad_arguments',
  'This relay gives out no ids: each client makes its own and proves it with a token.',
  'Give the PeerJS client an id and a token; the protocol notes say how one follows from the other.',
);

const NOT_FOUND = fail('not_found', 'There is nothing at this address.', 'Go to the address “/”.');
