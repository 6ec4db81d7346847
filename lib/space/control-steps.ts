// What stewards decided about a space, as steps of its history beside what people wrote.
import type { ControlLog } from '../group/control-log.ts';
import type { ControlState } from '../group/control-state.ts';
import type { ReadControl } from '../group/control-entry.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Act } from '../wire/control-act.ts';
import type { LogPoint } from '../wire/control-parts.ts';
import type { HistoryStep } from './history.ts';

export interface ControlHistory {
  readonly steps: readonly HistoryStep[];
  /** The group at each height, from 0 on. */
  readonly groups: readonly ControlState[];
}

/** Along the branch that this replica follows. */
export function controlSteps(log: ControlLog): ControlHistory {
  const path: ReadControl[] = [];
  for (let at = log.controlAt(log.tip().head); at !== null; at = log.controlAt(at.entry.prev)) {
    path.unshift(at);
  }
  const genesis = log.stateAt(log.tip().space);
  const groups = path.flatMap(({ hash }) => log.stateAt(hash) ?? []);
  return { steps: path.map(stepOf), groups: genesis === null ? groups : [genesis, ...groups] };
}

function stepOf({ entry, hash }: ReadControl): HistoryStep {
  const { acts, proposer, at, space, height } = entry;
  return {
    author: toHex(space),
    seq: height,
    hash: toHex(hash),
    at,
    agent: null,
    after: acts
      .flatMap(pointsOf)
      .flatMap(({ device, seq }) =>
        seq === 0 || equalBytes(device, space) ? [] : [{ author: toHex(device), seq }],
      ),
    deed: { kind: 'control', acts, by: toHex(proposer) },
  };
}

/** Places in logs that an act names: it was decided with these in view. */
function pointsOf(act: Act): readonly LogPoint[] {
  switch (act.kind) {
    case 'remove':
    case 'leave':
      return act.frontiers;
    case 'revoke_device':
    case 'extend_frontier':
      return [act.frontier];
    case 'fork_cut':
      return [act.keep];
    case 'checkpoint':
      return act.heads;
    case 'add':
    case 'add_device':
    case 'role':
    case 'voter':
    case 'policy':
    case 'promote':
      return [];
  }
}
