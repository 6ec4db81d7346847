// The document worker as a page starts it: Automerge's wasm is beside it.

export function startDocumentWorker(): MessagePort {
  const worker = new Worker(new URL('../../lib/space/worker/main.ts', import.meta.url), {
    type: 'module',
  });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  return port1;
}
