// What a copy changes: words that went struck through, words that came underlined. Long runs that stayed are shortened.
import type { Stretch } from '../../lib/messaging/text-calls.ts';

/** Characters of what stayed that are shown on either side of a change. */
const AROUND = 120;

export function TextChanges({ changes }: { readonly changes: readonly Stretch[] }) {
  if (changes.every(({ kind }) => kind === 'same')) {
    return <p class="quiet">It says the same as the text that it was taken from.</p>;
  }
  return (
    <div class="changes serif" dir="auto">
      {changes.map((stretch, i) => (
        <Part key={i} stretch={stretch} isFirst={i === 0} isLast={i === changes.length - 1} />
      ))}
    </div>
  );
}

interface PartProps {
  readonly stretch: Stretch;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function Part({ stretch: { kind, text }, isFirst, isLast }: PartProps) {
  if (kind === 'gone') {
    return (
      <del>
        <span class="for-readers">taken out: </span>
        {text}
      </del>
    );
  }
  if (kind === 'new') {
    return (
      <ins>
        <span class="for-readers">put in: </span>
        {text}
      </ins>
    );
  }
  return <span>{shortened(text, isFirst, isLast)}</span>;
}

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 2 * AROUND + 20) return text;
  const head = isFirst ? '' : text.slice(0, AROUND);
  const tail = isLast ? '' : text.slice(-AROUND);
  return `${head} … ${tail}`;
}
