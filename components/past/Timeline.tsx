// Steps around the chosen one, newest first: whose hand, what it did, where, under which permission, and what it changed.
import type { ChangedView, HistoryRow } from '../../lib/messaging/past.ts';
import { When } from '../controls/When.tsx';
import { HandMark, HandName } from '../marks/HandMark.tsx';

export interface TimelineProps {
  readonly rows: readonly HistoryRow[];
  readonly after: number;
  readonly now: number;
  readonly onChoose: (after: number) => void;
}

const CHANGES_SHOWN = 5;

export function Timeline({ rows, after, now, onChoose }: TimelineProps) {
  return (
    <ol class="timeline">
      {rows.toReversed().map((row) => (
        <li key={row.index} class={row.index < after ? 'activity-row' : 'activity-row later'}>
          <HandMark hand={row.hand} />
          <div>
            <Deed row={row} chosen={row.index === after - 1} onChoose={onChoose} />
            <div class="quiet">
              <When at={row.at} now={now} />
              {row.where !== '' && (
                <>
                  {' · '}
                  <bdi>{row.where}</bdi>
                </>
              )}
              {row.permission !== null && ` · ${row.permission}`}
            </div>
            {row.changes.slice(0, CHANGES_SHOWN).map((change, i) => (
              <Change key={i} change={change} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

interface DeedProps {
  readonly row: HistoryRow;
  readonly chosen: boolean;
  readonly onChoose: (after: number) => void;
}

function Deed({ row, chosen, onChoose }: DeedProps) {
  return (
    <button
      type="button"
      class="deed"
      aria-current={chosen ? 'step' : undefined}
      onClick={() => onChoose(row.index + 1)}
    >
      <HandName hand={row.hand} /> {row.verb} <bdi>{row.object}</bdi>
    </button>
  );
}

/** Old words struck out, new ones below: told apart by more than colour. */
function Change({ change: { about, before, after } }: { readonly change: ChangedView }) {
  // The row says the first name already.
  if (about === null && before === null) return null;
  if ((before ?? '') === '' && (after ?? '') === '') return null;
  return (
    <div class="change serif">
      {before !== null && before !== '' && <del dir="auto">{before}</del>}
      {after !== null && after !== '' && <ins dir="auto">{after}</ins>}
    </div>
  );
}
