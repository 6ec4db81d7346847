// The words an annotation is about. A press scrolls the page to them. "moved?" opens to the words as they were
// when the page now says something else in that place.
import { useState } from 'preact/hooks';
import type { AnnotationView } from '../../lib/messaging/panel-state.ts';

export interface AnnotationQuoteProps {
  readonly annotation: AnnotationView;
  /** Null where there is no place on the page to show. */
  readonly onShow: (() => void) | null;
}

export function AnnotationQuote({ annotation, onShow }: AnnotationQuoteProps) {
  const moved = annotation.state === 'uncertain';
  const words = moved ? (annotation.foundText ?? annotation.quote) : annotation.quote;
  const look = `quote serif${annotation.by.kind === 'agent' ? ' by-agent' : ''}`;
  const text = <span>{words}</span>;
  return (
    <>
      {onShow ? (
        <button type="button" class={look} dir="auto" title="Show on the page" onClick={onShow}>
          {text}
        </button>
      ) : (
        <blockquote class={look} dir="auto">
          {text}
        </blockquote>
      )}
      {moved && <Moved quote={annotation.quote} />}
    </>
  );
}

function Moved({ quote }: { readonly quote: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        class="moved"
        aria-expanded={open}
        title={`The words were: ${quote}`}
        onClick={() => setOpen(!open)}
      >
        moved?
      </button>
      {open && (
        <p class="quiet">
          The page has changed. The words were:{' '}
          <q class="serif" dir="auto">
            {quote}
          </q>
        </p>
      )}
    </div>
  );
}
