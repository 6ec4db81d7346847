// While the node has not spoken yet.
import type { PanelView } from '../../lib/view/panel-view.ts';
import { FailureNote } from '../controls/FailureNote.tsx';

export function Waiting({ view }: { readonly view: PanelView }) {
  return (
    <div>
      <p class="quiet" role="status">
        {view.reachable.value ? 'Opening…' : 'Reconnecting…'}
      </p>
      <FailureNote failure={view.failure.value} />
    </div>
  );
}
