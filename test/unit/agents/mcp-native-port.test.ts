// The native port as the extension keeps it: what it says of hosts that are missing, die or misbehave.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAgentPort, type AgentPort } from '../../../lib/agents/native-port.ts';
import type { MessagePipe } from '../../../lib/wire/bridge.ts';
import { answerTo, LinkedHost } from '../../support/linked-port.ts';

const NODE = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
const SESSION = '0123456789abcdef';
const HELLO = { kind: 'hello', version: 1, home: '/home/ada/.commonplace/bridge' };

let agents: AgentPort | null = null;
const pipes: MessagePipe[] = [];

afterEach(() => {
  agents?.close();
  pipes.length = 0;
});

function open(hosts: LinkedHost[] = [new LinkedHost()]) {
  let next = 0;
  agents = createAgentPort({
    connect: () => {
      const host = hosts[next++];
      if (host === undefined) throw new Error('There are no more hosts.');
      return host.port;
    },
    node: NODE,
    serve: (pipe) => void pipes.push(pipe),
  });
  const [host] = hosts;
  if (host === undefined) throw new Error('A test needs a host.');
  return { agents, host };
}

async function openSession(host: LinkedHost, session = SESSION): Promise<void> {
  host.tell(HELLO);
  host.tell({ kind: 'open', session });
  const challenge = host.last('challenge');
  if (challenge === undefined) throw new Error('There was no challenge.');
  host.sayAs(session, await answerTo(challenge));
  await expect.poll(() => host.last('ready')).toBeDefined();
}

describe('the port', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    'Specified native messaging host not found.',
    'Access to the specified native messaging host is forbidden.',
    'No such native application node.commonplace',
  ])('says how to install the host when the browser says: %s', (reason) => {
    vi.useFakeTimers();
    const hosts = [new LinkedHost(), new LinkedHost()];
    const { agents: port, host } = open(hosts);
    host.go(reason);
    const { bridge } = port.view();
    expect(bridge).toMatchObject({ kind: 'not_installed', failure: { code: 'unavailable' } });
    expect(JSON.stringify(bridge)).toContain('commonplace install');
    vi.advanceTimersByTime(59_000);
    expect(port.view().bridge.kind).toBe('not_installed');
    port.retryNow();
    hosts[1]?.tell(HELLO);
    expect(port.view().bridge).toEqual({ kind: 'connected' });
  });

  it('is back within a moment when a host dies, and its sessions are over', async () => {
    const hosts = [new LinkedHost(), new LinkedHost()];
    const { agents: port, host } = open(hosts);
    await openSession(host);
    vi.useFakeTimers();
    let closed = false;
    pipes[0]?.onClose(() => (closed = true));
    host.go('Native host has exited.');
    expect(port.view()).toMatchObject({ bridge: { kind: 'retrying' }, sessions: [] });
    expect(closed).toBe(true);
    vi.advanceTimersByTime(100);
    hosts[1]?.tell(HELLO);
    expect(port.view().bridge).toEqual({ kind: 'connected' });
  });

  it('shows what the host said before it went', () => {
    const { agents: port, host } = open();
    const failure = { code: 'conflict', message: 'Another browser.', remedy: 'Close it.' };
    host.tell({ kind: 'refused', failure });
    host.go('Native host has exited.');
    expect(port.view().bridge).toEqual({ kind: 'retrying', failure });
  });

  it.each([
    ['of another version', { kind: 'hello', version: 2, home: '/' }, 'unsupported_version'],
    ['that says what is not in the protocol', { kind: 'run', code: '1' }, 'malformed'],
    ['that says nothing a host would', 'hello', 'malformed'],
  ])('leaves a host %s', (_what, message, code) => {
    const { agents: port, host } = open();
    host.tell(message);
    expect(host.disconnected).toBe(true);
    expect(port.view().bridge).toMatchObject({ kind: 'retrying', failure: { code } });
  });

  it('leaves a host that stays silent', () => {
    vi.useFakeTimers();
    const { agents: port, host } = open();
    vi.advanceTimersByTime(10_000);
    expect(host.disconnected).toBe(true);
    expect(port.view().bridge).toMatchObject({ kind: 'retrying', failure: { code: 'timeout' } });
  });

  it('lives in a browser that has no native messaging', () => {
    const { agents: port } = open([new LinkedHost()]);
    port.close();
    agents = createAgentPort({
      connect: () => {
        throw new TypeError('connectNative is not a function');
      },
      node: NODE,
      serve: () => {},
    });
    expect(agents.view().bridge.kind).toBe('retrying');
  });
});
