// The invariant of escrow, checked against the log itself and not against the room's own book: at every
// prefix, what was settled plus what is open stays within each grant, whatever happens in whatever order.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority, type Authority } from '../../../lib/authority/authority.ts';
import type { Amounts, AuthorityEvent, Grant, Reserve } from '../../../lib/wire/authority.ts';
import { fail, ok, type Result } from '../../../lib/wire/failure.ts';
import { agent, call, createBench, draft, type Clock } from '../../support/authority-bench.ts';
import type { MemoryLedger, Weather } from '../../support/memory-ledger.ts';

const AGENTS = ['Claude', 'Codex', 'Gemma'].map(agent);

type Step =
  | { readonly kind: 'call'; readonly who: number; readonly reads: number; readonly writes: number }
  | { readonly kind: 'finish'; readonly which: number; readonly how: 'ok' | 'failed' | 'throw' }
  | { readonly kind: 'stop' | 'resume' | 'change'; readonly who: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'weather'; readonly weather: Exclude<Weather, 'dead'> }
  | { readonly kind: 'turns'; readonly count: number }
  | { readonly kind: 'power_cut' };

const who = fc.nat({ max: AGENTS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      who,
      reads: fc.nat({ max: 2 }),
      writes: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('finish' as const),
      which: fc.nat({ max: 5 }),
      how: fc.constantFrom('ok' as const, 'failed' as const, 'throw' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('stop', 'resume', 'change'), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('weather' as const),
      weather: fc.constantFrom('full', 'doubt_written', 'doubt_lost'),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.nat(80) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'power_cut' as const }) },
);

const steps = fc.array(step, { minLength: 30, maxLength: 90, size: 'max' });

/** Everything of one life of the node; a power cut ends it and begins another on the same log. */
interface Life {
  authority: Authority;
  ledger: MemoryLedger;
  readonly clock: Clock;
  readonly waiting: ((result: Result<string> | Error) => void)[];
  readonly broken: string[];
}

async function take(life: Life, one: Step, restart: () => Promise<void>): Promise<void> {
  switch (one.kind) {
    case 'call':
      return begin(life, one);
    case 'finish': {
      const [settle] = life.waiting.splice(one.which % Math.max(1, life.waiting.length), 1);
      settle?.(OUTCOMES[one.how]);
      return;
    }
    case 'stop':
    case 'resume':
      void life.authority[one.kind](didOf(one.who));
      return;
    case 'change':
      void life.authority.change(didOf(one.who), draft({ reads: 2, writes: 3, minutes: 60 }));
      return;
    case 'wait':
      life.clock.now += one.minutes * 60_000;
      return;
    case 'weather':
      life.ledger.weather = one.weather;
      return;
    case 'turns':
      for (let i = 0; i < one.count; i++) await Promise.resolve();
      return;
    case 'power_cut':
      return restart();
  }
}

const OUTCOMES = {
  ok: ok('done'),
  failed: fail('stale_ref', 'Gone.', 'Look again.'),
  throw: new Error('A bug in a tool.'),
};

function didOf(index: number): string {
  return AGENTS[index]?.did ?? '';
}

function begin(life: Life, { who: index, reads, writes }: Extract<Step, { kind: 'call' }>): void {
  const { ledger } = life;
  const caller = AGENTS[index];
  if (caller === undefined) return;
  void life.authority.gate.call(
    call({
      agent: caller,
      reads,
      writes,
      run: () => {
        if (reads + writes > 0 && !hasOpenReservation(ledger.events, caller.did)) {
          life.broken.push('An action ran without a reservation in the log.');
        }
        return new Promise((resolve, reject) =>
          life.waiting.push((end) => (end instanceof Error ? reject(end) : resolve(end))),
        );
      },
    }),
  );
}

function hasOpenReservation(events: readonly AuthorityEvent[], did: string): boolean {
  const settled = new Set(
    events.flatMap((one) => (one.kind === 'receipt' ? [one.reservation] : [])),
  );
  return events.some((one) => one.kind === 'reserve' && one.agent === did && !settled.has(one.id));
}

/** By hand, from the events alone: the worst that any grant's spending ever came to, prefix by prefix. */
function overspending(events: readonly AuthorityEvent[]): string[] {
  const grants = new Map<string, Grant>();
  const spent = new Map<string, Map<string, Amounts>>();
  const reserves = new Map<string, Reserve>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.kind === 'grant') grants.set(event.id, event);
    if (event.kind === 'reserve') {
      reserves.set(event.id, event);
      const calls = spent.get(event.grant) ?? new Map<string, Amounts>();
      spent.set(event.grant, calls.set(event.id, event.cost));
    }
    if (event.kind === 'receipt' && event.reservation !== null) {
      const reserve = reserves.get(event.reservation);
      if (reserve === undefined) faults.push('A receipt without its reservation.');
      else spent.get(reserve.grant)?.set(reserve.id, event.charged);
    }
    for (const [id, calls] of spent) {
      const limits = grants.get(id)?.limits;
      const reads = [...calls.values()].reduce((sum, one) => sum + one.reads, 0);
      const writes = [...calls.values()].reduce((sum, one) => sum + one.writes, 0);
      if (limits === undefined || reads > limits.reads || writes > limits.writes) {
        faults.push(`Grant ${id} came to ${reads} reads and ${writes} writes.`);
      }
    }
  }
  return faults;
}

async function live(all: readonly Step[]) {
  const bench = await createBench({ preauthorised: draft({ reads: 4, writes: 4, minutes: 60 }) });
  const { clock, options } = bench;
  const life: Life = { ...bench, clock, waiting: [], broken: [] };
  const restart = async () => {
    const { ledger } = life;
    ledger.weather = 'dead';
    life.ledger = ledger.reborn();
    life.waiting.length = 0;
    life.authority = await createAuthority({ ...options, ledger: life.ledger });
  };
  for (const one of all) await take(life, one, restart);
  return { life, restart };
}

describe('escrow', () => {
  it('never lets settled and open together exceed a grant at any prefix of the log', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { life, restart } = await live(all);
        await restart();
        expect(life.broken).toEqual([]);
        expect(overspending(life.ledger.events)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing open after a restart, and what was open is spent', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { life, restart } = await live(all);
        const open = openCost(life.ledger.events);
        await restart();
        const unknown = life.ledger.events.filter(
          (one) => one.kind === 'receipt' && one.code === 'closed' && one.outcome === 'unknown',
        );
        expect(openCost(life.ledger.events)).toHaveLength(0);
        expect(unknown.length).toBeGreaterThanOrEqual(open.length);
        for (const agentView of life.authority.agents()) {
          expect(agentView.grant?.reserved).toEqual({ reads: 0, writes: 0 });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('reads the same state from the log as it had before the power cut', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { life, restart } = await live(all);
        await restart();
        const before = life.authority
          .agents()
          .map(({ did, grant, status }) => ({ did, grant, status }));
        await restart();
        const after = life.authority
          .agents()
          .map(({ did, grant, status }) => ({ did, grant, status }));
        expect(after).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

function openCost(events: readonly AuthorityEvent[]): Reserve[] {
  const settled = new Set(
    events.flatMap((one) => (one.kind === 'receipt' ? [one.reservation] : [])),
  );
  return events.flatMap((one) => (one.kind === 'reserve' && !settled.has(one.id) ? [one] : []));
}
