// The page that opens after installation: a name, a first space, the side panel. Each step stays readable when
// it is done, and coming back to the page shows what is already there.
import { useState } from 'preact/hooks';
import type { Result } from '../../lib/wire/failure.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import type { PanelView } from '../../lib/view/panel-view.ts';
import { activeSpace } from '../../lib/view/readings.ts';
import { ArrivingHeading } from '../controls/ArrivingHeading.tsx';
import { Button } from '../controls/Button.tsx';
import { PersonMark } from '../marks/PersonMark.tsx';
import { OpenExport } from '../past/OpenExport.tsx';
import { InviteSheet } from '../panel/InviteSheet.tsx';
import { JoinByLink, NewSpace } from '../panel/SpaceForms.tsx';
import { BecomeDevice } from './BecomeDevice.tsx';
import { NameForm } from './NameForm.tsx';
import { OpenPanel } from './OpenPanel.tsx';
import { PageFrame } from './PageFrame.tsx';
import { Waiting } from './Waiting.tsx';

export interface WelcomeProps {
  readonly view: PanelView;
  readonly onOpenPanel: () => Promise<Result<null>>;
}

export function Welcome({ view, onOpenPanel }: WelcomeProps) {
  const state = view.state.value;
  return (
    <PageFrame
      title="Keep what you read, together"
      lead="Commonplace lets you mark up web pages with other people and keep what you find in shared spaces. Your work lives in your own browser and travels straight to theirs."
    >
      {state === null ? (
        <Waiting view={view} />
      ) : (
        <Steps view={view} state={state} onOpenPanel={onOpenPanel} />
      )}
    </PageFrame>
  );
}

function Steps({ view, state, onOpenPanel }: WelcomeProps & { readonly state: PanelState }) {
  const space = activeSpace(state);
  if (state.me === null) {
    return <Beginning view={view} state={state} />;
  }
  return (
    <>
      <section class="step">
        <div class="person-row">
          <PersonMark name={state.me.name} hue={state.me.hue} />
          <p>
            You are <bdi>{state.me.name}</bdi>.
          </p>
        </div>
      </section>
      {space === null ? (
        <FirstSteps view={view} />
      ) : (
        <>
          <section class="step">
            <ArrivingHeading>
              Your space: <bdi>{space.name}</bdi>
            </ArrivingHeading>
            <p>Send this link to the people you want in it.</p>
            <InviteSheet space={space} ask={view.ask} />
          </section>
          <OpenPanel onOpen={onOpenPanel} />
        </>
      )}
    </>
  );
}

function Beginning({ view, state }: { readonly view: PanelView; readonly state: PanelState }) {
  const [knows, setKnows] = useState(false);
  const { joining, relay } = state;
  return (
    <div class="choices">
      {joining === null && (
        <section class="step">
          <h2>First, a name</h2>
          <NameForm ask={view.ask} />
        </section>
      )}
      <section class="step">
        <h2>I already use Commonplace</h2>
        {knows || joining !== null ? (
          <BecomeDevice joining={joining} relay={relay.url} ask={view.ask} />
        ) : (
          <>
            <p>Make this browser one more device of yours, with all of your spaces.</p>
            <div class="buttons">
              <Button onPress={() => setKnows(true)}>Add this browser</Button>
            </div>
          </>
        )}
      </section>
    </div>
  );
}

function FirstSteps({ view }: { readonly view: PanelView }) {
  return (
    <div class="choices">
      <section class="step">
        <h2>Make your first space</h2>
        <NewSpace ask={view.ask} primary autoFocus />
      </section>
      <section class="step">
        <h2>I have an invite link</h2>
        <JoinByLink ask={view.ask} />
      </section>
      <section class="step">
        <h2>I have a space in a file</h2>
        <OpenExport ask={view.ask} />
      </section>
    </div>
  );
}
