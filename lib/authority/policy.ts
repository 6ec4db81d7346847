// What the house asks for beyond the grant, by tool and by cost: one table, first match wins.
// A grant can only narrow what this allows. Reading and acting inside a grant needs no approval yet.
import type { Amounts } from '../wire/authority.ts';

export interface PolicyRule {
  /** Tool names, or a class of cost. */
  readonly when: readonly string[] | 'writes' | 'reads' | 'free';
  /** `each`: a person says yes to that exact action first. */
  readonly approval: 'none' | 'each';
  /** `record`: note which origins were read before. `same_origin`: refuse once another origin was read. */
  readonly flow: 'record' | 'same_origin';
}

export type Policy = readonly PolicyRule[];

export const HOUSE_POLICY: Policy = [
  { when: 'writes', approval: 'none', flow: 'record' },
  { when: 'reads', approval: 'none', flow: 'record' },
  { when: 'free', approval: 'none', flow: 'record' },
];

/** What nothing matches needs a person. */
const STRICTEST: PolicyRule = { when: 'writes', approval: 'each', flow: 'same_origin' };

export function ruleFor(policy: Policy, tool: string, cost: Amounts): PolicyRule {
  const kind = cost.writes > 0 ? 'writes' : cost.reads > 0 ? 'reads' : 'free';
  const found = policy.find(({ when }) =>
    typeof when === 'string' ? when === kind : when.includes(tool),
  );
  return found ?? STRICTEST;
}
