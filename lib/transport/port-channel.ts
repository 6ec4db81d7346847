// A channel over a MessagePort: how a WebRTC channel of the offscreen document reaches the service worker.
// Both ends are parts of one build of this extension, so what comes is typed, not parsed.
import type { Channel, CloseReason } from './channel.ts';
import { createFlow } from './flow.ts';

type PortMessage =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'credit'; readonly bytes: number }
  | { readonly kind: 'close'; readonly seenAs: CloseReason };

/**
 * Starts the port. `binding` is that of the connection that the port stands for. `gone` aborts when the other
 * context has ended, which a port does not tell by itself.
 */
export function portChannel(port: MessagePort, binding: Uint8Array, gone: AbortSignal): Channel {
  const flow = createFlow({
    kind: 'webrtc',
    binding,
    put(message) {
      // A copy, because transferring would take the caller's bytes away.
      const bytes = message.slice();
      post(port, { kind: 'message', bytes }, [bytes.buffer]);
    },
    credit: (bytes) => post(port, { kind: 'credit', bytes }),
    close: (reason) =>
      post(port, { kind: 'close', seenAs: reason === 'local' ? 'remote' : reason }),
  });
  port.addEventListener('message', ({ data }: MessageEvent<PortMessage>) => {
    if (data.kind === 'message') flow.arrived(data.bytes);
    else if (data.kind === 'credit') flow.credited(data.bytes);
    else {
      flow.ended(data.seenAs);
      // The end that is told closes the port, so that nothing still under way is cut off.
      port.close();
    }
  });
  const onGone = () => flow.ended('error');
  gone.addEventListener('abort', onGone);
  void flow.channel.closed.then(() => gone.removeEventListener('abort', onGone));
  port.start();
  return flow.channel;
}

/** Makes two channels one: what comes out of either goes into the other, with backpressure and the reason of closing. */
export function joinChannels(a: Channel, b: Channel): void {
  pipe(a, b);
  pipe(b, a);
}

function pipe(from: Channel, to: Channel): void {
  from.receive(async (message) => {
    const sent = await to.send(message);
    if (!sent.ok) from.close();
  });
  void from.closed.then((reason) => to.close(reason === 'remote' ? 'local' : reason));
}

function post(port: MessagePort, message: PortMessage, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer);
}
