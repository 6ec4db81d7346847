// Asks a newcomer for a name and makes the person.
import { MAX_NAME_LENGTH } from '../../lib/messaging/panel.ts';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { TextForm } from '../controls/TextForm.tsx';

export function NameForm({ ask }: { readonly ask: PanelCall }) {
  return (
    <TextForm
      label="Your name, as others will see it"
      hint="No account and no password: your browser makes a key that stays in this profile."
      action="Continue"
      primary
      autoFocus
      maxLength={MAX_NAME_LENGTH}
      onSubmit={(name) => ask('createPerson', { name })}
    />
  );
}
