import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../lib/authority/authority.ts';
import { parseAgentIdentity } from '../../../lib/wire/authority.ts';
import { ok } from '../../../lib/wire/failure.ts';
import { agent, call, codeOf, createBench, draft } from '../../support/authority-bench.ts';
import { until } from '../../support/until.ts';

const claude = agent();
const WAIT = { times: { pairingWaitMs: 60_000 } };

describe('an agent that nobody has allowed', () => {
  it('gets nothing, and is told what its person has to do', async () => {
    const { authority } = await createBench();
    const answer = await authority.gate.call(call({ reads: 1, writes: 0 }));
    expect(answer).toMatchObject({
      failure: {
        code: 'pairing_required',
        remedy:
          'Ask Ada to open the Commonplace side panel and allow Claude under Agents, then call again.',
      },
    });
    expect(authority.agents()).toMatchObject([{ did: claude.did, status: 'waiting', grant: null }]);
  });

  it('may ask what it may do, for free', async () => {
    const { authority, ledger } = await createBench();
    const answer = await authority.gate.call(
      call({ tool: 'authority', needsGrant: false, writes: 0 }),
    );
    expect(codeOf(answer)).toBe('ok');
    expect(authority.pairings.pending()).toEqual([]);
    expect(authority.standing(claude)).toMatchObject({ status: 'waiting', grant: null });
    expect(ledger.events).toMatchObject([{ kind: 'receipt', charged: { reads: 0, writes: 0 } }]);
  });

  it('goes on with its waiting call once the person says yes', async () => {
    const { authority } = await createBench(WAIT);
    const answer = authority.gate.call(call());
    await until(() => authority.pairings.pending().length === 1);
    const [pending] = authority.pairings.pending();
    const grant = draft({ writes: 1 });
    expect(await authority.pairings.decide(pending?.id ?? '', { allow: true, grant })).toEqual(
      ok(null),
    );
    expect(codeOf(await answer)).toBe('ok');
    expect(authority.pairings.pending()).toEqual([]);
    expect(codeOf(await authority.gate.call(call()))).toBe('budget_exhausted');
  });

  it('is refused for good once the person says no, without being asked about again', async () => {
    const { authority, ledger, options } = await createBench(WAIT);
    const answer = authority.gate.call(call());
    await until(() => authority.pairings.pending().length === 1);
    const [pending] = authority.pairings.pending();
    await authority.pairings.decide(pending?.id ?? '', { allow: false });
    expect(codeOf(await answer)).toBe('permission_denied');
    expect(codeOf(await authority.gate.call(call()))).toBe('permission_denied');
    expect(authority.pairings.pending()).toEqual([]);
    const next = await createAuthority({ ...options, ledger: ledger.reborn() });
    expect(codeOf(await next.gate.call(call()))).toBe('permission_denied');
  });

  it('makes one request however often it calls', async () => {
    const { authority } = await createBench();
    await Promise.all(Array.from({ length: 5 }, () => authority.gate.call(call())));
    expect(authority.pairings.pending()).toHaveLength(1);
  });

  it('stops waiting when its caller goes away, and the request stays', async () => {
    const { authority } = await createBench(WAIT);
    const caller = new AbortController();
    const answer = authority.gate.call(call({ signal: caller.signal }));
    await until(() => authority.pairings.pending().length === 1);
    caller.abort();
    expect(codeOf(await answer)).toBe('cancelled');
    expect(authority.pairings.pending()).toHaveLength(1);
  });
});

describe('requests', () => {
  it('run out after five minutes', async () => {
    const { authority, clock } = await createBench();
    await authority.gate.call(call());
    const [pending] = authority.pairings.pending();
    clock.now += 5 * 60_000;
    expect(authority.pairings.pending()).toEqual([]);
    const late = await authority.pairings.decide(pending?.id ?? '', {
      allow: true,
      grant: draft(),
    });
    expect(codeOf(late)).toBe('not_found');
  });

  it('outlive the node', async () => {
    const { authority, ledger, options } = await createBench();
    await authority.gate.call(call());
    const next = await createAuthority({ ...options, ledger: ledger.reborn() });
    expect(next.pairings.pending()).toEqual(authority.pairings.pending());
    const id = next.pairings.pending()[0]?.id ?? '';
    await next.pairings.decide(id, { allow: true, grant: draft() });
    expect(codeOf(await next.gate.call(call()))).toBe('ok');
  });

  it('are eight at most', async () => {
    const { authority } = await createBench();
    const crowd = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(agent);
    for (const one of crowd) await authority.gate.call(call({ agent: one }));
    expect(codeOf(await authority.gate.call(call({ agent: agent('Z') })))).toBe('rate_limited');
    expect(authority.pairings.pending()).toHaveLength(8);
  });

  it('are decided once, though the button is pressed twice', async () => {
    const { authority, ledger } = await createBench();
    await authority.gate.call(call());
    const id = authority.pairings.pending()[0]?.id ?? '';
    const yes = { allow: true as const, grant: draft() };
    const answers = await Promise.all([
      authority.pairings.decide(id, yes),
      authority.pairings.decide(id, yes),
    ]);
    expect(answers.map(codeOf)).toEqual(['ok', 'not_found']);
    expect(ledger.events.filter(({ kind }) => kind === 'grant')).toHaveLength(1);
  });

  it('stay when the permission could not be written', async () => {
    const { authority, ledger } = await createBench();
    await authority.gate.call(call());
    const id = authority.pairings.pending()[0]?.id ?? '';
    ledger.weather = 'full';
    const answer = await authority.pairings.decide(id, { allow: true, grant: draft() });
    expect(codeOf(answer)).toBe('storage_full');
    expect(authority.pairings.pending()).toHaveLength(1);
  });
});

describe('a preauthorised run', () => {
  it('gives each agent that comes one grant, without asking', async () => {
    const { authority, ledger } = await createBench({ preauthorised: draft({ writes: 3 }) });
    await Promise.all([1, 2, 3].map(() => authority.gate.call(call())));
    expect(codeOf(await authority.gate.call(call()))).toBe('budget_exhausted');
    expect(codeOf(await authority.gate.call(call({ agent: agent('Codex') })))).toBe('ok');
    expect(ledger.events.filter(({ kind }) => kind === 'grant')).toHaveLength(2);
  });

  it('does not bring back an agent that was stopped', async () => {
    const { authority } = await createBench({ preauthorised: draft() });
    await authority.gate.call(call());
    await authority.stop(claude.did);
    expect(codeOf(await authority.gate.call(call()))).toBe('stopped');
  });
});

describe('a name that an agent gives itself', () => {
  it('is one short printable line', () => {
    const name = `Cl\u202Eau\u0000de\n\n${'x'.repeat(500)}`;
    const parsed = parseAgentIdentity({ did: claude.did, name, client: '' });
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(parsed.value.name).toMatch(/^Cl au de x+…$/);
    expect(parsed.value.name.length).toBeLessThanOrEqual(60);
  });

  it.each([{}, null, { did: 'claude' }, { did: claude.did, name: 7 }])('refuses %j', (value) => {
    expect(codeOf(parseAgentIdentity(value))).toBe('malformed');
  });
});
