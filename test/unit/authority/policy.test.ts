import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../lib/authority/policy.ts';
import { call, codeOf, createBench, draft } from '../../support/authority-bench.ts';
import { until } from '../../support/until.ts';

describe('policy', () => {
  const asking: Policy = [{ when: 'writes', approval: 'each', flow: 'record' }];

  it('waits for a yes to that exact action, which is used once', async () => {
    const { authority, ledger } = await createBench({ preauthorised: draft(), policy: asking });
    const answer = authority.gate.call(call());
    await until(() => authority.approvals.waiting().length === 1);
    const [asked] = authority.approvals.waiting();
    expect(ledger.events.at(-1)).toMatchObject({ kind: 'approval_requested', id: asked?.id });
    await authority.approvals.decide(
      asked?.id ?? '',
      'allowed',
      'did:key:z6MkAda1111111111111111111111',
    );
    expect(codeOf(await answer)).toBe('ok');
    const reserve = ledger.events.find(({ kind }) => kind === 'reserve');
    expect(reserve).toMatchObject({ approval: asked?.id, digest: asked?.digest });
    const again = await authority.approvals.decide(asked?.id ?? '', 'allowed', 'did:key:z6MkX');
    expect(codeOf(again)).toBe('not_found');
  });

  it('fails closed on a no and on no answer', async () => {
    const { authority } = await createBench({
      preauthorised: draft(),
      policy: asking,
      times: { approvalWaitMs: 20 },
    });
    const answer = authority.gate.call(call());
    await until(() => authority.approvals.waiting().length === 1);
    const id = authority.approvals.waiting()[0]?.id ?? '';
    await authority.approvals.decide(id, 'refused', 'did:key:z6MkAda1111111111111111111111');
    expect(codeOf(await answer)).toBe('approval_required');
    expect(codeOf(await authority.gate.call(call()))).toBe('approval_required');
    expect(authority.approvals.waiting()).toEqual([]);
  });

  it('can refuse to act on one site with what was read on another', async () => {
    const policy: Policy = [
      { when: 'reads', approval: 'none', flow: 'record' },
      { when: 'writes', approval: 'none', flow: 'same_origin' },
    ];
    const { authority, ledger } = await createBench({
      preauthorised: draft({ origins: ['*'] }),
      policy,
    });
    await authority.gate.call(call({ reads: 1, writes: 0, urls: ['https://bank.example'] }));
    const answer = await authority.gate.call(call({ urls: ['https://forum.example'] }));
    expect(codeOf(answer)).toBe('permission_denied');
    expect(ledger.events.at(-1)).toMatchObject({ labels: ['https://bank.example'] });
    expect(codeOf(await authority.gate.call(call({ urls: ['https://bank.example'] })))).toBe('ok');
  });

  it('asks a person about what no rule covers', async () => {
    const { authority } = await createBench({
      preauthorised: draft(),
      policy: [],
      times: { approvalWaitMs: 1 },
    });
    expect(codeOf(await authority.gate.call(call()))).toBe('approval_required');
  });
});
