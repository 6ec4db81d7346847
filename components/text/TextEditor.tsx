// A text to write in. What is typed is kept after a short pause; what others write appears between the pauses.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Failure, Result } from '../../lib/wire/failure.ts';
import { isUnsaved, kept, movedCaret, received, type Draft } from '../../lib/view/text-draft.ts';
import { FailureNote } from '../controls/FailureNote.tsx';

/** Long enough to type a word, short enough that others see it come. */
const PAUSE_MS = 400;

export interface TextEditorProps {
  readonly label: string;
  readonly text: string;
  readonly form: 'prose' | 'code';
  readonly readOnly: boolean;
  readonly maxLength: number;
  readonly onWrite: (before: string, after: string) => Promise<Result<unknown>>;
}

export function TextEditor(props: TextEditorProps) {
  const { draft, type, failure } = useDraft(props);
  const field = useRef<HTMLTextAreaElement>(null);
  const shown = useRef(draft.text);
  const caret = useRef<number | null>(null);
  if (shown.current !== draft.text && field.current !== null) {
    caret.current = movedCaret(field.current.selectionStart, field.current.value, draft.text);
    shown.current = draft.text;
  }
  useLayoutEffect(() => {
    const at = caret.current;
    caret.current = null;
    if (at !== null && field.current === document.activeElement) {
      field.current?.setSelectionRange(at, at);
    }
  }, [draft.text]);
  return (
    <div class="stack">
      <textarea
        ref={field}
        class={props.form === 'code' ? 'text-field mono' : 'text-field serif'}
        aria-label={props.label}
        dir="auto"
        rows={Math.min(40, Math.max(12, draft.text.split('\n').length + 2))}
        spellcheck={props.form === 'prose'}
        readOnly={props.readOnly}
        maxLength={props.maxLength}
        value={draft.text}
        onInput={(event) => {
          shown.current = event.currentTarget.value;
          type(event.currentTarget.value);
        }}
      />
      <FailureNote failure={failure} />
      {!props.readOnly && (
        <p class="quiet" role="status">
          {isUnsaved(draft) ? 'Saving…' : 'Saved in this browser.'}
        </p>
      )}
    </div>
  );
}

/** The draft, kept by one write at a time. */
function useDraft({ text, onWrite }: TextEditorProps) {
  const [draft, setDraft] = useState<Draft>({ base: text, text });
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef(draft);
  const isWriting = useRef(false);
  latest.current = draft;
  const write = async (): Promise<void> => {
    if (isWriting.current || !isUnsaved(latest.current)) return;
    isWriting.current = true;
    const { base, text: sent } = latest.current;
    const written = await onWrite(base, sent);
    isWriting.current = false;
    setFailure(written.ok ? null : written.failure);
    if (written.ok) setDraft((now) => kept(now, sent));
  };
  useEffect(() => setDraft((now) => received(now, text)), [text, draft.base]);
  useEffect(() => {
    if (!isUnsaved(draft)) return;
    const timer = setTimeout(() => void write(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, failure]);
  useEffect(() => {
    const flush = (): void => void write();
    addEventListener('pagehide', flush);
    return () => removeEventListener('pagehide', flush);
  }, []);
  return {
    draft,
    failure,
    type: (typed: string) => setDraft((now) => ({ ...now, text: typed })),
  };
}
