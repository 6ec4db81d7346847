// The page of one text: written together, tried on copies, agreed. Whatever is not agreed says so.
import { useState } from 'preact/hooks';
import {
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
  type TextView,
} from '../../lib/messaging/text-calls.ts';
import type { TextPageView } from '../../lib/view/text-view.ts';
import { Button } from '../controls/Button.tsx';
import { FailureNote } from '../controls/FailureNote.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { BrandMark } from '../marks/BrandMark.tsx';
import { useTask } from '../use-task.ts';
import { CopyActions } from './CopyActions.tsx';
import { TextChanges } from './TextChanges.tsx';
import { TextCopies } from './TextCopies.tsx';
import { TextEditor } from './TextEditor.tsx';
import { TextProposals } from './TextProposals.tsx';

const STANDING = {
  draft: 'A draft: no version of it is agreed yet.',
  agreed: 'This is the agreed version.',
  changed: 'Changed since the agreed version, so this is a draft.',
} as const;

export function TextPage({ view }: { readonly view: TextPageView }) {
  const text = view.text.value;
  return (
    <main class="page wide">
      <p class="brand">
        <BrandMark /> Commonplace
      </p>
      {text === null ? (
        <p class="quiet" role="status">
          Opening…
        </p>
      ) : (
        <Opened key={view.place.value.branch ?? ''} view={view} text={text} />
      )}
      <FailureNote failure={view.failure.value} />
    </main>
  );
}

interface OpenedProps {
  readonly view: TextPageView;
  readonly text: TextView;
}

function Opened({ view, text }: OpenedProps) {
  const [showsAgreed, setShowsAgreed] = useState(false);
  const { ask } = view.panel;
  const place = view.place.value;
  const shared = { ask, place, mayShare: text.mayWrite, onTurn: view.turnTo };
  const { copy } = text;
  return (
    <>
      <Head view={view} text={text} />
      {copy === null && (
        <Standing text={text} showsAgreed={showsAgreed} onShow={setShowsAgreed} view={view} />
      )}
      {showsAgreed && text.agreed !== null ? (
        <div class="agreed serif" dir="auto">
          {text.agreed}
        </div>
      ) : (
        <Written view={view} text={text} />
      )}
      {copy !== null && (
        <>
          <CopyActions {...shared} copy={copy} />
          <section class="step" aria-labelledby="changes">
            <h2 id="changes">What it changes</h2>
            <TextChanges changes={copy.changes} />
          </section>
        </>
      )}
      <TextProposals {...shared} proposals={text.proposals} onLook={view.turnTo} />
      {copy === null && <TextCopies {...shared} copies={text.copies} />}
    </>
  );
}

function Written({ view, text }: OpenedProps) {
  const { ask } = view.panel;
  const place = view.place.value;
  const isSettled = text.copy?.isAgreed ?? text.standing === 'agreed';
  return (
    <div class={isSettled ? 'settled' : 'tentative'}>
      <TextEditor
        label={text.copy === null ? text.title : `${text.title}, copy ${text.copy.name}`}
        text={text.text}
        form={text.form}
        readOnly={!text.mayWrite}
        maxLength={MAX_TEXT_LENGTH}
        onWrite={async (before, after) => {
          const written = await ask('writeText', { ...place, before, after });
          if (written.ok) await view.reread();
          return written;
        }}
      />
    </div>
  );
}

function Head({ view, text: { title, copy, mayWrite } }: OpenedProps) {
  const [isNaming, setNaming] = useState(false);
  if (copy !== null) {
    return (
      <header class="stack">
        <h1 dir="auto">{copy.name}</h1>
        <p>
          A copy of <bdi>{title}</bdi>.{' '}
          {copy.where === 'private' ? 'Only you see it.' : `Shared by ${copy.by}.`}{' '}
          {copy.isAgreed ? 'This is the agreed version.' : 'Nothing in it is agreed.'}
        </p>
        <div class="buttons">
          <Button onPress={() => view.turnTo(null)}>Back to the text</Button>
        </div>
      </header>
    );
  }
  if (isNaming) {
    return (
      <TextForm
        label="Title"
        initial={title}
        action="Rename"
        autoFocus
        maxLength={MAX_TITLE_LENGTH}
        onCancel={() => setNaming(false)}
        onSubmit={async (next) => {
          const named = await view.panel.ask('renameText', { ...view.place.value, title: next });
          if (named.ok) setNaming(false);
          return named;
        }}
      />
    );
  }
  return (
    <header class="head-row">
      <h1 dir="auto">{title}</h1>
      {mayWrite && <Button onPress={() => setNaming(true)}>Rename</Button>}
    </header>
  );
}

interface StandingProps extends OpenedProps {
  readonly showsAgreed: boolean;
  readonly onShow: (agreed: boolean) => void;
}

function Standing({ view, text, showsAgreed, onShow }: StandingProps) {
  const task = useTask();
  const propose = () => void task.run(() => view.panel.ask('proposeText', view.place.value));
  return (
    <div class="stack">
      <p role="status">{showsAgreed ? 'The version that was agreed.' : STANDING[text.standing]}</p>
      <div class="buttons">
        {text.standing === 'changed' && (
          <Button disabled={text.agreed === null} onPress={() => onShow(!showsAgreed)}>
            {showsAgreed ? 'Back to the draft' : 'See the agreed version'}
          </Button>
        )}
        {text.mayWrite && text.standing !== 'agreed' && !showsAgreed && (
          <Button busy={task.busy} disabled={text.text === ''} onPress={propose}>
            Ask that this version be agreed
          </Button>
        )}
      </div>
      <FailureNote failure={task.failure} />
    </div>
  );
}
