// The copies of a text: which there are, and the form to make another.
import { useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import {
  MAX_TITLE_LENGTH,
  type CopySummary,
  type TextArgsPlace,
} from '../../lib/messaging/text-calls.ts';
import { Button } from '../controls/Button.tsx';
import { TextForm } from '../controls/TextForm.tsx';

export interface TextCopiesProps {
  readonly copies: readonly CopySummary[];
  readonly place: TextArgsPlace;
  readonly mayShare: boolean;
  readonly ask: PanelCall;
  readonly onTurn: (branch: string | null) => void;
}

export function TextCopies({ copies, place, mayShare, ask, onTurn }: TextCopiesProps) {
  return (
    <section class="step" aria-labelledby="copies">
      <h2 id="copies">Copies to try things on</h2>
      {copies.length === 0 && (
        <p class="quiet">
          Nothing you change in a copy changes the text, until you bring the two together.
        </p>
      )}
      <ul class="stack">
        {copies.map((copy) => (
          <li key={copy.id} class="tentative">
            <Button look="plain" onPress={() => onTurn(copy.id)}>
              <bdi>{copy.name}</bdi>
            </Button>
            <span class="quiet">
              {copy.where === 'private' ? 'only you see it' : `shared, by ${copy.by}`}
            </span>
          </li>
        ))}
      </ul>
      <NewCopy place={place} mayShare={mayShare} ask={ask} onTurn={onTurn} />
    </section>
  );
}

type NewCopyProps = Omit<TextCopiesProps, 'copies'>;

function NewCopy({ place, mayShare, ask, onTurn }: NewCopyProps) {
  const [isOpen, setOpen] = useState(false);
  const [isShared, setShared] = useState(false);
  if (!isOpen) {
    return (
      <div class="buttons">
        <Button onPress={() => setOpen(true)}>Make a copy</Button>
      </div>
    );
  }
  const where = isShared ? 'shared' : 'private';
  const { spaceId, artifact } = place;
  return (
    <div class="stack">
      {mayShare && (
        <label class="check">
          <input
            type="checkbox"
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          Everyone in the space sees it
        </label>
      )}
      <TextForm
        label="Name of the copy"
        hint="For example what you want to try."
        action="Make the copy"
        autoFocus
        maxLength={MAX_TITLE_LENGTH}
        onCancel={() => setOpen(false)}
        onSubmit={async (name) => {
          const made = await ask('copyText', { spaceId, artifact, name, where });
          if (made.ok) onTurn(made.value.branch);
          return made;
        }}
      />
    </div>
  );
}
