// A press that may take a moment. `label` names an icon-only button for pointer and reader alike.
import type { ComponentChildren, RefObject } from 'preact';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress?: (() => void) | undefined;
  readonly look?: 'normal' | 'primary' | 'danger' | 'plain' | 'icon';
  readonly submit?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly expanded?: boolean;
  readonly innerRef?: RefObject<HTMLButtonElement | null>;
}

export function Button({ look = 'normal', submit = false, busy = false, ...props }: ButtonProps) {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={look === 'icon' ? 'button plain icon' : `button ${look}`}
      aria-busy={busy}
      disabled={(props.disabled ?? false) || busy}
      {...(props.label === undefined ? {} : { 'aria-label': props.label, title: props.label })}
      {...(props.expanded === undefined ? {} : { 'aria-expanded': props.expanded })}
      {...(props.innerRef === undefined ? {} : { ref: props.innerRef })}
      onClick={() => props.onPress?.()}
    >
      {props.children}
    </button>
  );
}
