// Where someone without a space begins: make one, or come into someone else's.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { JoinByLink, NewSpace } from './SpaceForms.tsx';

export function FirstSpace({ ask }: { readonly ask: PanelCall }) {
  return (
    <section class="section stack">
      <h1>A space holds what you and others keep together</h1>
      <NewSpace ask={ask} primary />
      <p class="quiet">Or, if someone has sent you a link:</p>
      <JoinByLink ask={ask} />
    </section>
  );
}
