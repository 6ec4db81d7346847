// An agent asks for permission for the first time. It says who asks; the person says where and how much.
// Nothing has the focus, and the form keeps still while the node's snapshots change around it.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { PairingView, PanelState } from '../../lib/messaging/panel-state.ts';
import { firstDraft } from '../../lib/view/permission-draft.ts';
import { timeLeft } from '../../lib/view/words.ts';
import { PermissionForm } from './PermissionForm.tsx';

export interface PairingPromptProps {
  readonly pairing: PairingView;
  readonly state: PanelState;
  readonly now: number;
  readonly ask: PanelCall;
}

export function PairingPrompt({ pairing, state, now, ask }: PairingPromptProps) {
  const [draft] = useState(() => firstDraft(state.page?.url ?? null, state.activeSpaceId));
  const { id } = pairing;
  return (
    <section class="asking" aria-labelledby={`asking-${id}`}>
      <div role="status">
        <h2 id={`asking-${id}`}>
          <bdi>{pairing.agentName}</bdi> asks to work in this browser
        </h2>
        <p class="quiet">
          It runs in <bdi>{pairing.clientName || 'a program that gives no name'}</bdi> on this
          computer and would act for you. {timeLeft(pairing.expiresAt, now)} to answer.
        </p>
      </div>
      <PermissionForm
        initial={draft}
        spaces={state.spaces}
        allowWords="Allow"
        refuseWords="Deny"
        onAllow={(grant) => ask('decidePairing', { id, allow: true, grant })}
        onRefuse={() => ask('decidePairing', { id, allow: false })}
      />
    </section>
  );
}
