// Deliberate faults, by the room in which they are.
import type { Mutant } from '../mutant.ts';
import { GROUP_MUTANTS } from './group.ts';
import { LOG_MUTANTS } from './log.ts';
import { SPACE_MUTANTS } from './space.ts';
import { SYNC_MUTANTS } from './sync.ts';

export const MUTANTS: readonly Mutant[] = [
  ...LOG_MUTANTS,
  ...SYNC_MUTANTS,
  ...SPACE_MUTANTS,
  ...GROUP_MUTANTS,
];
