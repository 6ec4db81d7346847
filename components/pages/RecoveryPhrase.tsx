// The twelve words that make a person again: shown on request until they are written down, then forgotten here.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { Button } from '../controls/Button.tsx';
import { Confirm } from '../controls/Confirm.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { useTask } from '../use-task.ts';

type Shown = 'no' | 'gone' | readonly string[];

export function RecoveryPhrase({ ask }: { readonly ask: PanelCall }) {
  const [shown, setShown] = useState<Shown>('no');
  const task = useTask();
  const show = async () => {
    const reply = await task.run(() => ask('showPhrase', {}));
    if (reply) setShown(reply.value.phrase?.split(' ') ?? 'gone');
  };
  const forget = async () => {
    if (await task.run(() => ask('forgetPhrase', {}))) setShown('gone');
  };
  return (
    <section class="step">
      <h2>Recovery phrase</h2>
      <p>
        Twelve words from which you can be made again. You need them to add another device or to
        remove one. Whoever has them is you: write them on paper and tell no one.
      </p>
      {shown === 'no' && (
        <div class="buttons">
          <Button busy={task.busy} onPress={() => void show()}>
            Show the words
          </Button>
        </div>
      )}
      {shown === 'gone' && (
        <p role="status">The words are not kept in this browser any more. Only you have them.</p>
      )}
      {typeof shown !== 'string' && (
        <>
          <Words words={shown} />
          <Confirm
            ask="Forget the words in this browser? They cannot be shown again."
            doIt="I have written them down"
            keep="Keep them for now"
            busy={task.busy}
            onConfirm={() => void forget()}
          />
        </>
      )}
      <FailureNote failure={task.failure} />
    </section>
  );
}

function Words({ words }: { readonly words: readonly string[] }) {
  return (
    <ol class="phrase mono" aria-label="Recovery phrase">
      {words.map((word, index) => (
        <li key={`${index} ${word}`}>{word}</li>
      ))}
    </ol>
  );
}
