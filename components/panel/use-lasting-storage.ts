// Asks the browser not to clear what is kept here, once there is something to keep. Some browsers ask the person.
import { useEffect } from 'preact/hooks';
import type { PanelState } from '../../lib/messaging/panel-state.ts';

export function useLastingStorage({ spaces, storage }: PanelState): void {
  const isWorthIt = spaces.length > 0 && storage?.persisted === false;
  useEffect(() => {
    // Refused or not, the options page says how it stands.
    if (isWorthIt) navigator.storage.persist().catch(() => {});
  }, [isWorthIt]);
}
