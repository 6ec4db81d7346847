// A text to hand to someone else: shown whole in a read-only field, with a button that says when it is copied.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Check, Copy } from 'lucide-preact';
import { Button } from './Button.tsx';

const SAY_COPIED_MS = 4_000;

export interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
  readonly copyAtOnce?: boolean;
}

export function CopyField({ label, text, copyAtOnce = false }: CopyFieldProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { copied, copy } = useCopying(text, () => field.current?.select());
  useEffect(() => {
    if (copyAtOnce) void copy();
  }, [text]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        <input
          id={id}
          ref={field}
          class="input mono"
          readOnly
          value={text}
          dir="ltr"
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onPress={() => void copy()}>
          {copied === 'yes' ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {copied === 'yes' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <span class="for-readers" role="status">
        {copied === 'yes' ? 'Copied' : ''}
      </span>
      {copied === 'refused' && (
        <span class="hint">The browser did not copy it. It is selected: press Ctrl+C.</span>
      )}
    </div>
  );
}

function useCopying(text: string, onRefused: () => void) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  useEffect(() => {
    if (copied !== 'yes') return undefined;
    const timer = setTimeout(() => setCopied('no'), SAY_COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const worked = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (!worked) onRefused();
    setCopied(worked ? 'yes' : 'refused');
  };
  return { copied, copy };
}
