// Questions that several components ask of a snapshot. Pure.
import type {
  AgentView,
  AnnotationView,
  MeterView,
  PanelState,
  SpaceView,
} from '../messaging/panel-state.ts';

/** The open one; the first while none is. */
export function activeSpace(state: PanelState): SpaceView | null {
  const open = state.spaces.find((space) => space.id === state.activeSpaceId);
  return open ?? state.spaces[0] ?? null;
}

export interface Sorted {
  /** On the page, or not yet looked for. */
  readonly placed: readonly AnnotationView[];
  /** Their words are no longer on the page. */
  readonly orphans: readonly AnnotationView[];
}

export function sortByPlace(annotations: readonly AnnotationView[]): Sorted {
  return {
    placed: annotations.filter((annotation) => annotation.state !== 'orphan'),
    orphans: annotations.filter((annotation) => annotation.state === 'orphan'),
  };
}

export function unsentInAll(state: PanelState): number {
  return state.spaces.reduce((sum, space) => sum + space.unsent, 0);
}

export function runningAgents(state: PanelState): readonly AgentView[] {
  return state.agents.filter((agent) => agent.running.length > 0);
}

export function leftOf(meter: MeterView): number {
  return Math.max(0, meter.limit - meter.used - meter.reserved);
}

/** Which of an agent's limits runs out first, by share: the one its bar shows. */
export function scarcest(reads: MeterView, writes: MeterView): 'reads' | 'writes' {
  if (writes.limit === 0) return 'reads';
  if (reads.limit === 0) return 'writes';
  return leftOf(writes) / writes.limit < leftOf(reads) / reads.limit ? 'writes' : 'reads';
}
