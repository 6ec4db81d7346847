// The side panel as a whole: which of its parts stand, given what the node says.
import type { PanelView } from '../../lib/view/panel-view.ts';
import { activeSpace, runningAgents } from '../../lib/view/readings.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { AgentsSection } from '../agents/AgentsSection.tsx';
import { AtWork } from '../agents/AtWork.tsx';
import { PairingPrompt } from '../agents/PairingPrompt.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { ActivitySection } from './ActivitySection.tsx';
import { CopiedBrowser } from './CopiedBrowser.tsx';
import { Decisions } from './Decisions.tsx';
import { FilesSection } from './FilesSection.tsx';
import { FirstSpace } from './FirstSpace.tsx';
import { JoinRequests } from './JoinRequests.tsx';
import { LateWork } from './LateWork.tsx';
import { PageSection } from './PageSection.tsx';
import { SpaceHeader } from './SpaceHeader.tsx';
import { StatusLines } from './StatusLines.tsx';
import { TextsSection } from './TextsSection.tsx';
import { useLastingStorage } from './use-lasting-storage.ts';

export function SidePanel({ view }: { readonly view: PanelView }) {
  const state = view.state.value;
  return (
    <div class="panel">
      {state === null ? <Opening view={view} /> : <Opened view={view} state={state} />}
    </div>
  );
}

function Opening({ view }: { readonly view: PanelView }) {
  return (
    <main class="section">
      <p class="quiet" role="status">
        {view.reachable.value ? 'Opening…' : 'Reconnecting…'}
      </p>
      <FailureNote failure={view.failure.value} />
    </main>
  );
}

interface OpenedProps {
  readonly view: PanelView;
  readonly state: PanelState;
}

function Opened({ view, state }: OpenedProps) {
  const space = activeSpace(state);
  useLastingStorage(state);
  const now = view.now.value;
  /** Nobody is listed yet while one waits to be let in. */
  const isInSpace = space !== null && space.people.length > 0;
  const shared = { ask: view.ask, now, state };
  return (
    <>
      {space && <SpaceHeader {...shared} space={space} />}
      <StatusLines
        state={state}
        space={space}
        reachable={view.reachable.value}
        failure={view.failure.value}
      />
      <main>
        <CopiedBrowser state={state} ask={view.ask} />
        {state.pairing.map((pairing) => (
          <PairingPrompt key={pairing.id} {...shared} pairing={pairing} />
        ))}
        {space && <JoinRequests space={space} ask={view.ask} />}
        {space && <Decisions space={space} ask={view.ask} />}
        {space && <LateWork space={space} ask={view.ask} />}
        <Middle view={view} state={state} />
        {isInSpace && (
          <TextsSection key={space.id} space={space} texts={state.texts} ask={view.ask} />
        )}
        {isInSpace && (
          <FilesSection key={space.id} spaceId={space.id} files={state.files} {...shared} />
        )}
        {state.me !== null && <AgentsSection {...shared} />}
        {state.activity.length > 0 && <ActivitySection activity={state.activity} now={now} />}
      </main>
      <AtWork agents={runningAgents(state)} ask={view.ask} />
    </>
  );
}

function Middle({ view, state }: OpenedProps) {
  if (state.me === null) {
    return (
      <section class="section stack">
        <h1>Welcome to Commonplace</h1>
        <TextForm
          label="What should others call you?"
          action="Continue"
          primary
          maxLength={80}
          onSubmit={(name) => view.ask('createPerson', { name })}
        />
      </section>
    );
  }
  if (state.spaces.length === 0) return <FirstSpace ask={view.ask} />;
  return <PageSection view={view} state={state} />;
}
