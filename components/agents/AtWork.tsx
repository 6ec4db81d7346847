// While an agent works, its Stop stays at the foot of the panel, wherever the panel is scrolled to.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { AgentView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { AgentMark } from '../marks/AgentMark.tsx';
import { useTask } from '../use-task.ts';

const SHOWN = 3;

export interface AtWorkProps {
  readonly agents: readonly AgentView[];
  readonly ask: PanelCall;
}

export function AtWork({ agents, ask }: AtWorkProps) {
  if (agents.length === 0) return null;
  return (
    <aside class="at-work" aria-label="Agents at work">
      {agents.slice(0, SHOWN).map((agent) => (
        <AtWorkRow key={agent.did} agent={agent} ask={ask} />
      ))}
      {agents.length > SHOWN && <p class="quiet">and {agents.length - SHOWN} more, under Agents</p>}
    </aside>
  );
}

function AtWorkRow({ agent, ask }: { readonly agent: AgentView; readonly ask: PanelCall }) {
  const task = useTask();
  return (
    <div class="person-row">
      <AgentMark name={agent.name} hue={agent.hue} />
      <div class="one-line">
        <bdi>{agent.name}</bdi>{' '}
        <span class="quiet">is at work on {agent.running[0]?.where || 'a page'}</span>
        {task.failure && <span class="stopped"> {task.failure.message}</span>}
      </div>
      <Button
        look="danger"
        busy={task.busy}
        label={`Stop ${agent.name}`}
        onPress={() => void task.run(() => ask('stopAgent', { agent: agent.did }))}
      >
        Stop
      </Button>
    </div>
  );
}
