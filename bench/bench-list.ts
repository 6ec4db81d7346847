// Every benchmark, in the order in which they run.
import type { Bench } from './figure.ts';
import { startBench } from './start.ts';

export const BENCHES: readonly Bench[] = [startBench];
