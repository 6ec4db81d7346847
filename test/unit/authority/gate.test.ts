import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../../lib/wire/failure.ts';
import { call, codeOf, createBench, draft, heldRun, SITE } from '../../support/authority-bench.ts';

async function allowed(over: Parameters<typeof draft>[0] = {}) {
  return createBench({ preauthorised: draft(over) });
}

const stale = () => Promise.resolve(fail('stale_ref', 'e1 is gone.', 'Take a new snapshot.'));
const broken = () => Promise.reject(new Error('boom'));
const endless = () => new Promise<never>(() => {});

describe('a call inside its grant', () => {
  it('is set aside in the log before it runs, and settled before it is answered', async () => {
    const { authority, ledger } = await allowed();
    const kinds = () => ledger.events.map(({ kind }) => kind);
    const seen: string[][] = [];
    const run = () => {
      seen.push(kinds());
      return Promise.resolve(ok('done'));
    };
    expect(await authority.gate.call(call({ run }))).toEqual(ok('done'));
    expect(seen).toEqual([['grant', 'reserve']]);
    expect(kinds()).toEqual(['grant', 'reserve', 'receipt']);
    expect(ledger.events[2]).toMatchObject({ outcome: 'ok', charged: { writes: 1 }, origin: SITE });
  });

  it('shows as held while it runs and as used afterwards', async () => {
    const { authority } = await allowed();
    const held = heldRun();
    const answer = authority.gate.call(call({ run: held.run }));
    await held.begun;
    const [during] = authority.agents();
    expect(during).toMatchObject({
      status: 'active',
      grant: { used: { writes: 0 }, reserved: { writes: 1 }, left: { writes: 9 } },
      running: [{ tool: 'page_click', origin: SITE }],
    });
    held.finish();
    await answer;
    const [after] = authority.agents();
    expect(after).toMatchObject({
      grant: { used: { writes: 1 }, reserved: { writes: 0 } },
      running: [],
    });
  });

  it('does not wait for another call that is still running', async () => {
    const { authority } = await allowed();
    const slow = heldRun();
    const first = authority.gate.call(call({ run: slow.run }));
    await slow.begun;
    expect(await authority.gate.call(call())).toEqual(ok('done'));
    slow.finish();
    expect(codeOf(await first)).toBe('ok');
  });

  it('is charged even when it fails, so that failing is not free', async () => {
    const { authority } = await allowed();
    expect(codeOf(await authority.gate.call(call({ run: stale })))).toBe('stale_ref');
    expect(authority.receipts()[0]).toMatchObject({ outcome: 'failed', code: 'stale_ref' });
    expect(authority.agents()[0]?.grant?.used).toEqual({ reads: 0, writes: 1 });
  });

  it('that breaks is unknown to have happened, and answers as a failure', async () => {
    const { authority } = await allowed();
    expect(codeOf(await authority.gate.call(call({ run: broken })))).toBe('internal');
    expect(authority.receipts()[0]).toMatchObject({ outcome: 'unknown', code: 'internal' });
  });

  it('that overruns its time is left behind', async () => {
    const { authority } = await allowed();
    const answer = await authority.gate.call(call({ run: endless, timeoutMs: 5 }));
    expect(codeOf(answer)).toBe('timeout');
    expect(authority.receipts()[0]).toMatchObject({ outcome: 'unknown' });
  });

  it('that the caller cancels is aborted', async () => {
    const { authority } = await allowed();
    const held = heldRun();
    const caller = new AbortController();
    const answer = authority.gate.call(call({ run: held.run, signal: caller.signal }));
    const permit = await held.begun;
    caller.abort();
    expect(codeOf(await answer)).toBe('cancelled');
    expect(permit.signal.aborted).toBe(true);
  });
});
