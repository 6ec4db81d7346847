// Asks once more before something is lost. "Keep" stands where the first button stood and has the focus,
// so that a second press in the same place, or Enter, loses nothing.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';

export interface ConfirmProps {
  readonly ask: string;
  readonly doIt: string;
  /** What the first button says, where that is not `doIt`. */
  readonly open?: string;
  readonly keep: string;
  readonly busy: boolean;
  readonly onConfirm: () => void;
}

export function Confirm(props: ConfirmProps) {
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) keep.current?.focus();
  }, [asking]);
  if (!asking) {
    return (
      <div>
        <Button look="plain" onPress={() => setAsking(true)}>
          {props.open ?? props.doIt}
        </Button>
      </div>
    );
  }
  return (
    <div class="stack" role="group" aria-label={props.ask}>
      <p>{props.ask}</p>
      <div class="buttons">
        <Button innerRef={keep} onPress={() => setAsking(false)}>
          {props.keep}
        </Button>
        <Button look="danger" busy={props.busy} onPress={props.onConfirm}>
          {props.doIt}
        </Button>
      </div>
    </div>
  );
}
