// Where a node's documents are: in a worker of the backstage, started when one is first touched.
import { createDocumentClient, type DocumentClient } from '../space/document-client.ts';
import type { Backstage } from '../transport/backstage.ts';
import { fail, ok } from '../wire/failure.ts';

/** A lost backstage is replaced when a document is next touched. */
export function documentsBehind(backstage: () => Promise<Backstage | null>): DocumentClient {
  const watched = new WeakSet<Backstage>();
  const documents: DocumentClient = createDocumentClient({
    start: async () => {
      const stage = await backstage();
      if (stage === null) return NO_WORKER;
      if (!watched.has(stage)) {
        watched.add(stage);
        void stage.lost.then(() => documents.replace());
        stage.onWorkerError(() => documents.replace());
      }
      return ok(stage.startDocumentWorker());
    },
  });
  return documents;
}

const NO_WORKER = fail(
  'unavailable',
  'The part of Commonplace that holds documents could not be started.',
  'Restart the browser. What was saved is in its log.',
);
