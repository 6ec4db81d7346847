// A long list goes on by a press, so that ten thousand things never stand on a page at once.
import { Button } from './Button.tsx';

export interface ShowMoreProps {
  readonly left: number;
  readonly step: number;
  readonly onMore: () => void;
}

export function ShowMore({ left, step, onMore }: ShowMoreProps) {
  if (left <= 0) return null;
  return (
    <Button look="plain" onPress={onMore}>
      {left <= step ? `Show ${left} more` : `Show ${step} more of ${left.toLocaleString('en')}`}
    </Button>
  );
}
