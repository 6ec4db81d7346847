// What holds for the whole browser profile: the name, the relay, what is stored, the bridge for agents.
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { MAX_NAME_LENGTH } from '../../lib/messaging/panel.ts';
import type { PanelView } from '../../lib/view/panel-view.ts';
import { bytesWords, counted, timeAgo } from '../../lib/view/words.ts';
import { BridgeHelp } from '../agents/BridgeHelp.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { OpenExport } from '../past/OpenExport.tsx';
import { NameForm } from './NameForm.tsx';
import { OwnDevices } from './OwnDevices.tsx';
import { PageFrame } from './PageFrame.tsx';
import { RecoveryPhrase } from './RecoveryPhrase.tsx';
import { Waiting } from './Waiting.tsx';

const MAX_RELAY_LENGTH = 2_000;

export function Options({ view }: { readonly view: PanelView }) {
  const state = view.state.value;
  return (
    <PageFrame title="Options">
      {state === null ? <Waiting view={view} /> : <Parts view={view} state={state} />}
    </PageFrame>
  );
}

interface PartProps {
  readonly view: PanelView;
  readonly state: PanelState;
}

function Parts({ view, state }: PartProps) {
  return (
    <>
      <You view={view} state={state} />
      {state.devices !== null && (
        <OwnDevices devices={state.devices} now={view.now.value} ask={view.ask} />
      )}
      {state.me !== null && <RecoveryPhrase ask={view.ask} />}
      <Relay view={view} state={state} />
      <section class="step">
        <h2>Storage</h2>
        <Storage state={state} />
      </section>
      {state.me !== null && (
        <section class="step">
          <h2>Open an export</h2>
          <OpenExport ask={view.ask} />
        </section>
      )}
      <section class="step">
        <h2>Agents on this computer</h2>
        {state.bridge.state === 'connected' && (
          <p role="status">The program that carries agents’ calls is connected.</p>
        )}
        <BridgeHelp bridge={state.bridge} anyAgent={state.agents.length > 0} ask={view.ask} />
      </section>
    </>
  );
}

function You({ view, state }: PartProps) {
  return (
    <section class="step">
      <h2>You</h2>
      {state.me === null ? (
        <NameForm ask={view.ask} />
      ) : (
        <>
          <TextForm
            label="Your name, as others see it"
            initial={state.me.name}
            action="Save name"
            doneWords="Saved"
            maxLength={MAX_NAME_LENGTH}
            onSubmit={(name) => view.ask('renamePerson', { name })}
          />
          <Facts facts={[['Your key', <span class="mono">{state.me.did}</span>]]} />
        </>
      )}
    </section>
  );
}

function Relay({ view, state }: PartProps) {
  return (
    <section class="step">
      <h2>Relay</h2>
      <p>
        The relay introduces browsers to each other and keeps sealed changes for those who are away.
        It cannot read them.
      </p>
      <TextForm
        label="Address of the relay"
        initial={state.relay.url}
        action="Use this relay"
        doneWords="Saved"
        maxLength={MAX_RELAY_LENGTH}
        onSubmit={(url) => view.ask('setRelay', { url })}
      />
      <p role="status">{relayWords(state, view.now.value)}</p>
    </section>
  );
}

function relayWords({ relay }: PanelState, now: number): string {
  const since = timeAgo(relay.since, now);
  if (relay.state === 'connected') return `Connected (${since}).`;
  if (relay.state === 'connecting') return 'Connecting…';
  return `Not reachable (${since}). Your work is kept here and will be sent. ${relay.lastError ?? ''}`;
}

function Storage({ state }: { readonly state: PanelState }) {
  const { storage, spaces } = state;
  const marks = spaces.reduce((sum, space) => sum + space.annotationCount, 0);
  const held = `${counted(spaces.length, 'space')}, ${counted(marks, 'annotation')}`;
  if (storage === null) return <p>{held}. The browser does not say how much room they take.</p>;
  return (
    <>
      <Facts
        facts={[
          ['Kept here', held],
          ['Files', bytesWords(storage.fileBytes)],
          ['Room', `${bytesWords(storage.usedBytes)} of ${bytesWords(storage.quotaBytes)}`],
        ]}
      />
      <p>
        {storage.persisted
          ? 'The browser keeps this until you remove the extension.'
          : 'The browser may clear this when the disk is nearly full.'}
      </p>
    </>
  );
}

function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, preact.ComponentChild])[];
}) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
