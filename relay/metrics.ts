// What the relay counts, in Prometheus' text format (exposition format 0.0.4). Sums only: no names, no addresses.
import type { FailureCode } from '../lib/wire/failure.ts';

const COUNTERS = {
  entries_accepted: 'Entries verified and stored since the start.',
  presence_messages: 'Presence messages taken since the start.',
  presence_dropped: 'Presence messages dropped by the rate limit.',
  signal_messages: 'Signalling messages taken since the start.',
  throttled: 'Sync messages that had to wait for the rate limit.',
} as const;

export type Counter = keyof typeof COUNTERS;
export type Refusal = FailureCode | 'forbidden_origin';

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

export interface Metrics {
  count(counter: Counter, by?: number): void;
  refused(why: Refusal): void;
  readonly refusals: ReadonlyMap<Refusal, number>;
  text(gauges: readonly Gauge[]): string;
}

export function createMetrics(): Metrics {
  const counts = new Map<Counter, number>();
  const refusals = new Map<Refusal, number>();
  return {
    count: (counter, by = 1) => counts.set(counter, (counts.get(counter) ?? 0) + by),
    refused: (why) => refusals.set(why, (refusals.get(why) ?? 0) + 1),
    refusals,
    text: (gauges) => {
      const parts = gauges.map(({ name, help, read }) =>
        metric('gauge', name, help, [['', read()]]),
      );
      for (const [name, help] of Object.entries(COUNTERS)) {
        const [, value = 0] = [...counts].find(([counter]) => counter === name) ?? [];
        parts.push(metric('counter', `${name}_total`, help, [['', value]]));
      }
      const byCode = [...refusals].map(([code, n]) => [`{code="${code}"}`, n] as const);
      parts.push(metric('counter', 'refusals_total', 'What was refused, by failure code.', byCode));
      return parts.join('');
    },
  };
}

function metric(
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  const full = `commonplace_relay_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labels} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}
