// One of several options, of which one is chosen, with its words beside it.
import type { ComponentChildren } from 'preact';

export interface ChoiceProps {
  /** The same for all the options. */
  readonly group: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  /** Id of a hint. */
  readonly describedBy?: string;
  readonly children: ComponentChildren;
}

export function Choice({ group, checked, onChoose, describedBy, children }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type="radio"
        name={group}
        checked={checked}
        onChange={onChoose}
        {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      />
      <span>{children}</span>
    </label>
  );
}
