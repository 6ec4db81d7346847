// What an agent is called when only its client has a name: always one that a key may have.
import { expect, test } from 'vitest';
import { agentNameFrom } from '../../bridge/agent-name.ts';

function hello(name: unknown) {
  return { jsonrpc: '2.0', id: 0, method: 'initialize', params: { clientInfo: { name } } };
}

test.for([
  ['Claude Code', 'Claude-Code'],
  ['codex', 'codex'],
  ['../../etc/passwd', 'etc-passwd'],
  ['  --help ', 'help'],
  ['a\u0000b\n', 'a-b'],
  ['x'.repeat(1000), 'x'.repeat(64)],
  ['日本', 'agent'],
  ['', 'agent'],
] as const)('a client that calls itself %j has an agent called %s', ([said, name]) => {
  expect(agentNameFrom(hello(said))).toBe(name);
});

test('a first request that tells no name gives an agent without one', () => {
  expect(agentNameFrom({ jsonrpc: '2.0', id: 0, method: 'tools/list' })).toBe('agent');
});

test.for([null, 7, 'initialize', [], {}, { method: 7 }, hello({ name: 'x' })])(
  'what is no request names nobody: %j',
  (message) => {
    expect(agentNameFrom(message)).toBeNull();
  },
);
