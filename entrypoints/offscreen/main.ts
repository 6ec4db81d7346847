// Chrome's offscreen document: offers WebRTC and the document worker to the service worker.
import { serveBackstage } from '../../lib/transport/offscreen-page.ts';

void serveBackstage(
  () => new Worker(new URL('../../lib/space/worker/main.ts', import.meta.url), { type: 'module' }),
);
