// Which step is looked at: a slider that arrow keys move too, and the steps to either side.
import { useId } from 'preact/hooks';
import { ChevronLeft, ChevronRight } from 'lucide-preact';
import type { HistoryRow } from '../../lib/messaging/past.ts';
import { exactTime } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';

export interface StepPickerProps {
  readonly total: number;
  readonly after: number;
  readonly row: HistoryRow | null;
  readonly onChoose: (after: number) => void;
}

export function StepPicker({ total, after, row, onChoose }: StepPickerProps) {
  const id = useId();
  const words = row === null ? '' : `, ${exactTime(row.at)}`;
  return (
    <div class="step-picker">
      <label for={id}>
        Step {after} of {total}
        <span class="quiet">{words}</span>
      </label>
      <div class="step-row">
        <Button
          look="icon"
          label="Step before"
          disabled={after <= 1}
          onPress={() => onChoose(after - 1)}
        >
          <ChevronLeft size={16} aria-hidden />
        </Button>
        <input
          id={id}
          type="range"
          min={1}
          max={Math.max(1, total)}
          value={after}
          aria-valuetext={`Step ${after} of ${total}${words}`}
          onInput={(event) => onChoose(event.currentTarget.valueAsNumber)}
        />
        <Button
          look="icon"
          label="Step after"
          disabled={after >= total}
          onPress={() => onChoose(after + 1)}
        >
          <ChevronRight size={16} aria-hidden />
        </Button>
      </div>
    </div>
  );
}
