// A space's past: every step that was made in it, and the space as it was after any of them.
import { useState } from 'preact/hooks';
import type { HistoryRow } from '../../lib/messaging/past.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { counted } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { PageFrame } from '../pages/PageFrame.tsx';
import { ForkSpace } from './ForkSpace.tsx';
import { MomentPane } from './MomentPane.tsx';
import { StepPicker } from './StepPicker.tsx';
import { Timeline } from './Timeline.tsx';
import { usePast, type ShownPast } from './use-past.ts';

export interface LookBackProps {
  readonly ask: PanelCall;
  readonly spaceId: string;
  readonly now: number;
}

export function LookBack({ ask, spaceId, now }: LookBackProps) {
  const past = usePast(ask, spaceId);
  const { history, after, failure } = past;
  if (history === null) {
    return (
      <PageFrame title="Look back">
        <p class="quiet" role="status">
          {failure === null ? 'Reading everything that was written…' : ''}
        </p>
        <FailureNote failure={failure} />
      </PageFrame>
    );
  }
  const { spaceName, total, rows } = history;
  return (
    <div class="past">
      <PageFrame
        title={`Look back at “${spaceName}”`}
        lead={`${counted(total, 'step')}, each after all that its author had seen. Choose one to see the space as it was then.`}
      >
        <StepPicker
          total={total}
          after={after}
          row={rows.find(({ index }) => index === after - 1) ?? null}
          onChoose={past.choose}
        />
        <FailureNote failure={failure} />
        <Columns past={past} rows={rows} now={now} />
        <FromHere ask={ask} space={{ id: spaceId, name: spaceName }} after={after} />
        <div class="buttons">
          <Button busy={past.busy} onPress={past.readAgain}>
            Look again for newer steps
          </Button>
        </div>
      </PageFrame>
    </div>
  );
}

interface ColumnsProps {
  readonly past: ShownPast;
  readonly rows: readonly HistoryRow[];
  readonly now: number;
}

function Columns({ past, rows, now }: ColumnsProps) {
  return (
    <div class="past-columns">
      <section aria-labelledby="steps">
        <h2 id="steps">What happened</h2>
        <Timeline rows={rows} after={past.after} now={now} onChoose={past.choose} />
      </section>
      <section aria-labelledby="then">
        <h2 id="then">The space then</h2>
        <MomentPane moment={past.moment} now={now} />
      </section>
    </div>
  );
}

interface FromHereProps {
  readonly ask: PanelCall;
  readonly space: { readonly id: string; readonly name: string };
  readonly after: number;
}

function FromHere({ ask, space, after }: FromHereProps) {
  const [open, setOpen] = useState(false);
  if (open) {
    return (
      <section class="step">
        <ForkSpace ask={ask} space={space} after={after} onCancel={() => setOpen(false)} />
      </section>
    );
  }
  return (
    <div class="buttons">
      <Button onPress={() => setOpen(true)}>Make a new space from this moment…</Button>
    </div>
  );
}
