// "What just happened": newest first, a few rows until asked for more.
import { useState } from 'preact/hooks';
import type { ActivityView } from '../../lib/messaging/panel-state.ts';
import { ShowMore } from '../controls/ShowMore.tsx';
import { When } from '../controls/When.tsx';
import { HandMark, HandName } from '../marks/HandMark.tsx';

const AT_FIRST = 8;
const STEP = 30;

const OUTCOME_WORDS: Readonly<Record<ActivityView['outcome'], string | null>> = {
  done: null,
  refused: 'refused',
  failed: 'did not work',
  stopped: 'stopped',
  waiting: 'under way',
};

export interface ActivitySectionProps {
  readonly activity: readonly ActivityView[];
  readonly now: number;
}

export function ActivitySection({ activity, now }: ActivitySectionProps) {
  const [shown, setShown] = useState(AT_FIRST);
  return (
    <section class="section" aria-labelledby="activity">
      <div class="section-head">
        <h2 id="activity">What just happened</h2>
      </div>
      <ol>
        {activity.slice(0, shown).map((row) => (
          <ActivityRow key={row.id} row={row} now={now} />
        ))}
      </ol>
      <ShowMore left={activity.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
    </section>
  );
}

function ActivityRow({ row, now }: { readonly row: ActivityView; readonly now: number }) {
  const outcome = OUTCOME_WORDS[row.outcome];
  return (
    <li class="activity-row">
      <HandMark hand={row.hand} />
      <div>
        <HandName hand={row.hand} /> {row.verb} <bdi>{row.object}</bdi>
        <div class="quiet">
          <When at={row.at} now={now} />
          {row.where !== '' && (
            <>
              {' · '}
              <bdi>{row.where}</bdi>
            </>
          )}
          {row.permission !== null && ` · ${row.permission}`}
          {row.tentative && ' · not sent yet'}
          {outcome !== null && <span class={`outcome-${row.outcome}`}> · {outcome}</span>}
        </div>
        {row.detail !== null && <div class="quiet">{row.detail}</div>}
      </div>
    </li>
  );
}
