// The event page of the test extension on Firefox: a local backstage whose worker answers whatever comes in.
import { createLocalBackstage } from '../../../../lib/transport/local-backstage.ts';

const backstage = createLocalBackstage(
  () => new Worker(new URL('./echo-worker.ts', import.meta.url), { type: 'module' }),
);
const port = backstage.startDocumentWorker();
port.start();

/** The number of messages that the worker has seen, this one included. */
function askWorker(): Promise<number> {
  return new Promise((resolve) => {
    port.addEventListener('message', ({ data }) => resolve(data.count), { once: true });
    port.postMessage('count');
  });
}

void (async () => {
  const relayHttpUrl = await (await fetch('/relay.txt')).text();
  await backstage.openPeerHost({
    relayHttpUrl,
    signal: new AbortController().signal,
    onChannel: async (channel) => {
      channel.receive(async (message) => {
        const count = await askWorker();
        await channel.send(message.with(0, count));
      });
    },
  });
})();
