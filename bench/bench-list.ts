// Every benchmark, in the order in which they run.
import { coldBench } from './cold.ts';
import { editBench } from './edit.ts';
import type { Bench } from './figure.ts';
import { gateBench } from './gate.ts';
import { groupBench } from './group.ts';
import { logBench } from './log.ts';
import { pageBench } from './page.ts';
import { stackBench } from './stack.ts';
import { startBench } from './start.ts';
import { syncBench } from './sync.ts';

export const BENCHES: readonly Bench[] = [
  startBench,
  editBench,
  gateBench,
  coldBench,
  groupBench,
  logBench,
  syncBench,
  pageBench,
  stackBench,
];
