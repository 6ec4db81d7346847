import { describe, expect, it } from 'vitest';
import { agent, call, createBench, draft } from '../../support/authority-bench.ts';

async function allowed(over: Parameters<typeof draft>[0] = {}) {
  return createBench({ preauthorised: draft(over) });
}

describe('the log under a hostile agent', () => {
  it('does not grow with refusals alike', async () => {
    const { authority, ledger, clock } = await allowed({ writes: 0 });
    for (let i = 0; i < 500; i++) await authority.gate.call(call());
    expect(ledger.events.length).toBeLessThanOrEqual(3);
    clock.now += 60_000;
    await authority.gate.call(call());
    expect(ledger.events.at(-1)).toMatchObject({ kind: 'receipt', outcome: 'refused', count: 500 });
  });

  it('grows slowly even with refusals that all differ', async () => {
    const { authority, ledger } = await allowed();
    for (let i = 0; i < 500; i++) {
      await authority.gate.call(call({ urls: [`https://evil${i}.example`] }));
    }
    expect(ledger.events.length).toBeLessThanOrEqual(25);
  });

  it('does not grow with agents that nobody knows', async () => {
    const { authority, ledger } = await createBench();
    for (let i = 1; i < 300; i++) {
      const name = `Agent${i}`.replaceAll('0', 'x');
      await authority.gate.call(call({ agent: agent(name) }));
    }
    expect(ledger.events.length).toBeLessThanOrEqual(25);
  });
});
