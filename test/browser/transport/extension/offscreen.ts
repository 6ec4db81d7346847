// The offscreen document of the test extension: the product's own code with a worker that echoes.
import { serveBackstage } from '../../../../lib/transport/offscreen-page.ts';

void serveBackstage(() => {
  return new Worker(new URL('./echo-worker.ts', import.meta.url), { type: 'module' });
});
