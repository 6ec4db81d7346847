// One agent: what it may do, how much of that is left, what it is doing, and the button that ends it.
import { useState } from 'preact/hooks';
import { OctagonX } from 'lucide-preact';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { AgentView, PanelState } from '../../lib/messaging/panel-state.ts';
import { draftOf, firstDraft } from '../../lib/view/permission-draft.ts';
import { sitesWords, statusWords } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { AgentMark } from '../marks/AgentMark.tsx';
import { useTask } from '../use-task.ts';
import type { Task } from '../use-task.ts';
import { BudgetMeter } from './BudgetMeter.tsx';
import { PermissionForm } from './PermissionForm.tsx';

export interface AgentItemProps {
  readonly agent: AgentView;
  readonly state: PanelState;
  readonly now: number;
  readonly ask: PanelCall;
}

export function AgentItem({ agent, state, now, ask }: AgentItemProps) {
  const [changing, setChanging] = useState(false);
  const stopping = useTask();
  const live = agent.status === 'active';
  return (
    <article class="agent-item" aria-label={agent.name}>
      <AgentHead agent={agent} stopping={stopping} ask={ask} />
      {live && agent.grant && <BudgetMeter grant={agent.grant} now={now} />}
      <p class={agent.status === 'stopped' ? 'stopped' : 'quiet'} role="status">
        {statusWords(agent)}
        {live && agent.grant && ` Sites: ${sitesWords(agent.grant.origins)}.`}
      </p>
      <FailureNote failure={stopping.failure} />
      {changing ? (
        <ChangePermission agent={agent} state={state} ask={ask} onDone={() => setChanging(false)} />
      ) : (
        <div>
          <Button look="plain" onPress={() => setChanging(true)}>
            {live ? 'Change permission' : 'Give permission'}
            <span class="for-readers"> of {agent.name}</span>
          </Button>
        </div>
      )}
    </article>
  );
}

interface AgentHeadProps extends Pick<AgentItemProps, 'agent' | 'ask'> {
  readonly stopping: Task;
}

function AgentHead({ agent, stopping, ask }: AgentHeadProps) {
  const stop = () => void stopping.run(() => ask('stopAgent', { agent: agent.did }));
  return (
    <div class="agent-head">
      <AgentMark name={agent.name} hue={agent.hue} />
      <div>
        <div class="one-line" title={agent.name}>
          <bdi>{agent.name}</bdi>{' '}
          <span class="quiet">
            for <bdi>{agent.onBehalfOf}</bdi>
          </span>
        </div>
        <div class="quiet one-line" title={agent.did}>
          {agent.client}
        </div>
      </div>
      {(agent.status === 'active' || agent.running.length > 0) && (
        <Button look="danger" busy={stopping.busy} onPress={stop}>
          <OctagonX size={16} aria-hidden />
          Stop<span class="for-readers"> {agent.name}</span>
        </Button>
      )}
    </div>
  );
}

interface ChangePermissionProps {
  readonly agent: AgentView;
  readonly state: PanelState;
  readonly ask: PanelCall;
  readonly onDone: () => void;
}

function ChangePermission({ agent, state, ask, onDone }: ChangePermissionProps) {
  const pageUrl = state.page?.url ?? null;
  const [draft] = useState(() =>
    agent.grant ? draftOf(agent.grant, pageUrl) : firstDraft(pageUrl, state.activeSpaceId),
  );
  return (
    <PermissionForm
      initial={draft}
      spaces={state.spaces}
      allowWords="Save permission"
      refuseWords="Cancel"
      onAllow={async (grant) => {
        const changed = await ask('changeGrant', { agent: agent.did, grant });
        if (changed.ok) onDone();
        return changed;
      }}
      onRefuse={onDone}
    />
  );
}
