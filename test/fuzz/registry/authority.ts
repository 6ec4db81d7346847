// Parsers of what gives and limits authority, and of the launch configuration.
import {
  grantDraft,
  parseAgentIdentity,
  parseAuthorityEvent,
} from '../../../lib/wire/authority.ts';
import { launchConfig } from '../../../lib/wire/launch-config.ts';
import type { Decoder } from '../decoder.ts';
import { jsonDecoder, shapeDecoder } from './json-decoder.ts';

const did = `did:key:z${'6Mk'.repeat(15)}`;
const agent = did;
const at = 1_700_000_000_000;
const amounts = { reads: 10, writes: 2 };
const draft = {
  origins: ['https://example.org'],
  tools: 'all',
  spaces: ['s1'],
  reads: 5,
  writes: 1,
};
const scope = { origins: ['*'], tools: ['page_read'], spaces: 'all' };
const digest = '0a'.repeat(32);
const call = { agent, tool: 'page_click' };

const events = [
  {
    v: 1,
    kind: 'grant',
    id: 'grant_0001',
    agent,
    agentName: 'Scribe',
    client: 'cli',
    issuer: did,
    node: did,
    scope,
    limits: amounts,
    issuedAt: at,
    expiresAt: at + 1,
  },
  { v: 1, kind: 'revoke', target: { agent, agentName: 'Scribe' }, reason: 'stopped', at },
  {
    v: 1,
    kind: 'reserve',
    id: 'call_00001',
    grant: 'grant_0001',
    ...call,
    digest,
    cost: amounts,
    at,
  },
  {
    v: 1,
    kind: 'receipt',
    reservation: null,
    ...call,
    outcome: 'refused',
    charged: amounts,
    labels: ['https://example.org'],
    summary: 'Clicked',
    count: 1,
    at,
  },
  {
    v: 1,
    kind: 'approval_requested',
    id: 'asked_0001',
    ...call,
    digest,
    summary: 'Click',
    at,
    expiresAt: at,
  },
  { v: 1, kind: 'approval_decided', id: 'asked_0001', decision: 'allowed', by: did, at },
];

export function authorityDecoders(): Decoder[] {
  const grant = { ...draft, minutes: 30 };
  return [
    jsonDecoder('parseAuthorityEvent', events, parseAuthorityEvent),
    jsonDecoder(
      'parseAgentIdentity',
      [{ did, name: 'Scribe \u202e\n\ud83d\ude00'.repeat(9), client: 'cli' }],
      parseAgentIdentity,
    ),
    shapeDecoder('grantDraft', [grant], grantDraft),
    shapeDecoder('launchConfig', [{ relay: 'http://r', name: ' Ada ', grant }], launchConfig),
  ];
}
