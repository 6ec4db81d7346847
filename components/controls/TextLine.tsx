// A labelled line of text with an optional hint.
import { useEffect, useId, useRef } from 'preact/hooks';

export interface TextLineProps {
  readonly label: string;
  readonly hint?: string;
  readonly text: string;
  readonly maxLength: number;
  readonly invalid: boolean;
  /** Only where a press opened the form, so that the press leads straight to typing. */
  readonly autoFocus?: boolean;
  readonly onChange: (text: string) => void;
}

export function TextLine(props: TextLineProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // The autofocus attribute works once a document; this field may come later.
  useEffect(() => {
    if (props.autoFocus === true) field.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        ref={field}
        class="input"
        value={props.text}
        dir="auto"
        maxLength={props.maxLength}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={props.invalid}
        {...(props.hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
      {props.hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
    </div>
  );
}
