// "Texts": what people of the space write together. Each opens in a tab of its own.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { SpaceView } from '../../lib/messaging/panel-state.ts';
import { MAX_TITLE_LENGTH, type TextSummary } from '../../lib/messaging/text-calls.ts';
import { counted } from '../../lib/view/words.ts';
import { Button } from '../controls/Button.tsx';
import { ShowMore } from '../controls/ShowMore.tsx';
import { TextForm } from '../controls/TextForm.tsx';
import { ApprovalsField } from './ApprovalsField.tsx';

const STEP = 10;
const STANDING = { draft: 'draft', agreed: 'agreed', changed: 'changed since agreed' } as const;

export interface TextsSectionProps {
  readonly space: SpaceView;
  readonly texts: readonly TextSummary[];
  readonly ask: PanelCall;
}

export function TextsSection({ space, texts, ask }: TextsSectionProps) {
  const [shown, setShown] = useState(STEP);
  const me = space.people.find((person) => person.me);
  const mayWrite = me?.role === 'steward' || me?.role === 'editor';
  return (
    <section class="section" aria-labelledby="texts">
      <div class="section-head">
        <h2 id="texts">Texts</h2>
      </div>
      {texts.length === 0 && <p class="quiet">What you write together in this space.</p>}
      <ul class="texts" aria-label="Texts of this space">
        {texts.slice(0, shown).map((text) => (
          <li key={text.id}>
            <a href={addressOf(space.id, text.id)} target="_blank" rel="noreferrer">
              <bdi class="one-line">{text.title}</bdi>
              <span class="quiet">{wordsOf(text)}</span>
            </a>
          </li>
        ))}
      </ul>
      <ShowMore left={texts.length - shown} step={STEP} onMore={() => setShown(shown + STEP)} />
      {mayWrite && <NewText spaceId={space.id} ask={ask} />}
      {space.mayManage && texts.length > 0 && <ApprovalsField space={space} ask={ask} />}
    </section>
  );
}

function wordsOf({ standing, copies }: TextSummary): string {
  const how = STANDING[standing];
  return copies === 0 ? how : `${how}, ${counted(copies, 'copy', 'copies')}`;
}

function addressOf(spaceId: string, text: string): string {
  return `/text.html?${new URLSearchParams({ space: spaceId, text }).toString()}`;
}

function NewText({ spaceId, ask }: { readonly spaceId: string; readonly ask: PanelCall }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <div class="buttons">
        <Button look="plain" onPress={() => setOpen(true)}>
          New text
        </Button>
      </div>
    );
  }
  return (
    <TextForm
      label="Title"
      action="Make the text"
      autoFocus
      maxLength={MAX_TITLE_LENGTH}
      onCancel={() => setOpen(false)}
      onSubmit={async (title) => {
        const made = await ask('createText', { spaceId, title, form: 'prose' });
        if (!made.ok) return made;
        setOpen(false);
        open(addressOf(spaceId, made.value.artifact), '_blank', 'noreferrer');
        return made;
      }}
    />
  );
}
