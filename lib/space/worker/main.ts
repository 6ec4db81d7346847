// Entry of the document worker: waits for the port that its maker hands over, then serves documents on it.
import { initializeWasm } from '@automerge/automerge/slim';
import wasmUrl from '@automerge/automerge/automerge.wasm?url';
import { serveDocuments } from './document-host.ts';
import { DEFAULT_LIMITS } from './loaded-documents.ts';

const LIMITS = { ...DEFAULT_LIMITS, idleMs: 5 * 60_000 };

self.addEventListener('message', (event: MessageEvent<unknown>) => {
  const [port] = event.ports;
  if (port !== undefined) serveDocuments(port, initializeWasm(wasmUrl), LIMITS);
});
