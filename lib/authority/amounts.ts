// Arithmetic of what a call costs and a grant allows.
import type { Amounts } from '../wire/authority.ts';

export const NOTHING: Amounts = { reads: 0, writes: 0 };

export function plus(a: Amounts, b: Amounts): Amounts {
  return { reads: a.reads + b.reads, writes: a.writes + b.writes };
}

/** Never below zero. */
export function minus(a: Amounts, b: Amounts): Amounts {
  return { reads: Math.max(0, a.reads - b.reads), writes: Math.max(0, a.writes - b.writes) };
}

export function atMost(a: Amounts, limit: Amounts): Amounts {
  return { reads: Math.min(a.reads, limit.reads), writes: Math.min(a.writes, limit.writes) };
}

export function fits(a: Amounts, limit: Amounts): boolean {
  return a.reads <= limit.reads && a.writes <= limit.writes;
}

export function isNothing(a: Amounts): boolean {
  return a.reads === 0 && a.writes === 0;
}
