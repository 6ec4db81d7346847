// Agents that have asked or been allowed, and how to bring one here when none has.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { AgentItem } from './AgentItem.tsx';
import { BridgeHelp } from './BridgeHelp.tsx';

export interface AgentsSectionProps {
  readonly state: PanelState;
  readonly now: number;
  readonly ask: PanelCall;
}

export function AgentsSection({ state, now, ask }: AgentsSectionProps) {
  return (
    <section class="section" aria-labelledby="agents">
      <div class="section-head">
        <h2 id="agents">Agents</h2>
      </div>
      {state.agents.length > 0 && (
        <ul aria-label="Agents">
          {state.agents.map((agent) => (
            <li key={agent.did}>
              <AgentItem agent={agent} state={state} now={now} ask={ask} />
            </li>
          ))}
        </ul>
      )}
      <BridgeHelp bridge={state.bridge} anyAgent={state.agents.length > 0} ask={ask} />
    </section>
  );
}
