// How many reads and writes, and for how long.
import { useId } from 'preact/hooks';
import type { DraftFieldsProps } from './SiteFields.tsx';

export function LimitFields({ draft, onChange }: DraftFieldsProps) {
  const writing = draft.mayAct || draft.mayAnnotate;
  return (
    <fieldset>
      <legend>How much</legend>
      <div class="numbers">
        <NumberField label="Reads" value={draft.reads} onChange={(reads) => onChange({ reads })} />
        <NumberField
          label="Writes"
          value={writing ? draft.writes : '0'}
          disabled={!writing}
          onChange={(writes) => onChange({ writes })}
        />
        <NumberField
          label="Minutes"
          value={draft.minutes}
          onChange={(minutes) => onChange({ minutes })}
        />
      </div>
    </fieldset>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, value, disabled = false, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        inputMode="numeric"
        autocomplete="off"
        value={value}
        disabled={disabled}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
