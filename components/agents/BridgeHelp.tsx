// How an agent gets here: the program that carries agents' calls, and what to give the agent.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { BridgeView } from '../../lib/messaging/panel-state.ts';
import { Button } from '../controls/Button.tsx';
import { CopyField } from '../controls/CopyField.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

const INSTALL_COMMAND = 'commonplace install';

export interface BridgeHelpProps {
  readonly bridge: BridgeView;
  readonly anyAgent: boolean;
  readonly ask: PanelCall;
}

export function BridgeHelp({ bridge, anyAgent, ask }: BridgeHelpProps) {
  const [open, setOpen] = useState(false);
  if (bridge.state !== 'connected') return <NotConnected bridge={bridge} ask={ask} />;
  return (
    <div class="stack">
      {!anyAgent && (
        <p class="quiet">No agent has asked to work here. One that you connect asks you first.</p>
      )}
      <div>
        <Button look="plain" expanded={open} onPress={() => setOpen(!open)}>
          Connect an agent
        </Button>
      </div>
      {open && (
        <>
          <CopyField
            label="For any agent that speaks MCP, add this server"
            text={mcpServer(bridge.agentCommand)}
          />
          <CopyField
            label="Claude Code"
            text={`claude mcp add commonplace -- ${bridge.agentCommand.map(shellWord).join(' ')}`}
          />
        </>
      )}
    </div>
  );
}

function mcpServer([command, ...args]: readonly string[]): string {
  return JSON.stringify({ mcpServers: { commonplace: { command, args } } });
}

/** As a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function NotConnected({ bridge, ask }: Pick<BridgeHelpProps, 'bridge' | 'ask'>) {
  const task = useTask();
  return (
    <div class="stack">
      <p class="quiet">
        {bridge.state === 'retrying'
          ? 'The program that carries agents’ calls is not answering. Trying again.'
          : 'Agents reach this browser through a small program on your computer, which is not installed yet.'}
      </p>
      <CopyField label="Install it from a terminal" text={INSTALL_COMMAND} />
      {bridge.detail !== '' && <p class="quiet">{bridge.detail}</p>}
      <FailureNote failure={task.failure} />
      <div>
        <Button busy={task.busy} onPress={() => void task.run(() => ask('retryBridge', {}))}>
          Try again
        </Button>
      </div>
    </div>
  );
}
