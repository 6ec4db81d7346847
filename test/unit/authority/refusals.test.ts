import { describe, expect, it } from 'vitest';
import { ok } from '../../../lib/wire/failure.ts';
import { call, codeOf, createBench, draft, heldRun } from '../../support/authority-bench.ts';

async function allowed(over: Parameters<typeof draft>[0] = {}) {
  return createBench({ preauthorised: draft(over) });
}

async function refusal(over: Parameters<typeof draft>[0], shape: Parameters<typeof call>[0]) {
  const { authority, ledger } = await allowed(over);
  let ran = false;
  const run = () => {
    ran = true;
    return Promise.resolve(ok('done'));
  };
  const answer = await authority.gate.call(call({ ...shape, run }));
  expect(ran).toBe(false);
  expect(ledger.events.filter(({ kind }) => kind === 'reserve')).toEqual([]);
  expect(ledger.events.at(-1)).toMatchObject({
    kind: 'receipt',
    outcome: 'refused',
    reservation: null,
  });
  return answer.ok ? null : answer.failure;
}

describe('a call past its grant', () => {
  it('names the limit and what to ask for', async () => {
    expect(await refusal({ writes: 0 }, {})).toEqual({
      code: 'budget_exhausted',
      message: 'No writes left: this needs 1, and of 0 writes there are 0 used.',
      remedy:
        'Ask Ada to allow writes on https://example.org in the Commonplace side panel (Agents → Claude → Change).',
    });
  });

  it('names the origin that is missing', async () => {
    const failure = await refusal({}, { urls: ['https://other.example/secret?token=1'] });
    expect(failure?.code).toBe('permission_denied');
    expect(failure?.message).toContain('https://other.example is outside');
    expect(failure?.message).not.toContain('token');
    expect(failure?.remedy).toContain('allow https://other.example');
  });

  it('is refused for every kind of page that is not the web', async () => {
    const failure = await refusal({ origins: ['*'] }, { urls: ['file:///home/ada/.ssh/id'] });
    expect(failure).toMatchObject({ code: 'permission_denied' });
    expect(failure?.message).not.toContain('ada');
  });

  it('names the tool and the space that are missing', async () => {
    expect((await refusal({ tools: ['page_read'] }, {}))?.message).toContain('page_click');
    expect((await refusal({ spaces: ['s1'] }, { spaces: ['s2'] }))?.message).toContain('s2');
  });

  it('is refused when the time is over', async () => {
    const { authority, clock } = await allowed({ minutes: 1 });
    await authority.gate.call(call());
    clock.now += 60_000;
    const answer = await authority.gate.call(call());
    expect(codeOf(answer)).toBe('permission_denied');
    expect(authority.agents()[0]?.status).toBe('expired');
  });

  it('counts what other calls hold against the limit', async () => {
    const { authority } = await allowed({ writes: 2 });
    const [one, two] = [heldRun(), heldRun()];
    const first = authority.gate.call(call({ run: one.run }));
    const second = authority.gate.call(call({ run: two.run }));
    await Promise.all([one.begun, two.begun]);
    const third = await authority.gate.call(call());
    expect(third).toMatchObject({ failure: { code: 'budget_exhausted' } });
    expect(!third.ok && third.failure.message).toContain('2 held by calls under way');
    one.finish();
    two.finish();
    expect([codeOf(await first), codeOf(await second)]).toEqual(['ok', 'ok']);
  });

  it('is refused when too many of the same agent run', async () => {
    const { authority } = await allowed({ writes: 100 });
    const runs = Array.from({ length: 8 }, heldRun);
    const answers = runs.map(({ run }) => authority.gate.call(call({ run })));
    await Promise.all(runs.map(({ begun }) => begun));
    expect(codeOf(await authority.gate.call(call()))).toBe('rate_limited');
    for (const { finish } of runs) finish();
    await Promise.all(answers);
  });

  it('is refused when the log is full, and the cost is not lost', async () => {
    const { authority, ledger } = await allowed();
    await authority.gate.call(call());
    ledger.weather = 'full';
    expect(codeOf(await authority.gate.call(call()))).toBe('storage_full');
    expect(authority.agents()[0]?.grant).toMatchObject({
      used: { writes: 1 },
      reserved: { writes: 0 },
    });
  });
});
