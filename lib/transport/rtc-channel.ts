// A channel over one open RTCDataChannel, with our framing and the browser's send buffer kept short.
import type { CloseReason } from './channel.ts';
import { createFlow, type Flow, type Wire } from './flow.ts';
import { createUnframer, creditFrame, fragmentsOf } from './framing.ts';

const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;

export interface RtcEnds {
  readonly dataChannel: RTCDataChannel;
  /** Cuts the connection at once, without flushing. */
  readonly cut: () => void;
}

/**
 * Must be called in the `open` event of the data channel, so that no message is missed. `binding` may be
 * filled in until the channel is handed on.
 */
export function rtcFlow(ends: RtcEnds, binding: Uint8Array): Flow {
  const { dataChannel } = ends;
  dataChannel.binaryType = 'arraybuffer';
  dataChannel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  const flow = createFlow(rtcWire(ends, binding));
  const unframe = createUnframer();
  dataChannel.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) pass(unframe(new Uint8Array(data)), flow);
    else flow.channel.close('malformed');
  });
  dataChannel.addEventListener('close', () => flow.ended('remote'));
  dataChannel.addEventListener('error', () => flow.ended('error'));
  return flow;
}

function rtcWire({ dataChannel, cut }: RtcEnds, binding: Uint8Array): Wire {
  let nextId = 0;
  return {
    kind: 'webrtc',
    binding,
    async put(message) {
      for (const frame of fragmentsOf(nextId, message)) {
        if (dataChannel.bufferedAmount > HIGH_WATER_BYTES) await drained(dataChannel);
        dataChannel.send(frame);
      }
      nextId = (nextId + 1) >>> 0;
    },
    credit(bytes) {
      if (dataChannel.readyState === 'open') dataChannel.send(creditFrame(bytes));
    },
    close(reason) {
      if (reason === 'local') closeFlushed(dataChannel, cut);
      else cut();
    },
  };
}

function pass(unframed: ReturnType<ReturnType<typeof createUnframer>>, flow: Flow): void {
  if (unframed.kind === 'message') flow.arrived(unframed.message);
  else if (unframed.kind === 'credit') flow.credited(unframed.bytes);
  else if (unframed.kind !== 'partial') flow.channel.close(unframed.kind satisfies CloseReason);
}

function drained(dataChannel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const settle = () => {
      done.abort();
      resolve();
    };
    dataChannel.addEventListener('bufferedamountlow', settle, done);
    dataChannel.addEventListener('close', settle, done);
  });
}

/** A data channel that closes sends what it holds first; the connection under it is cut when that is done. */
function closeFlushed(dataChannel: RTCDataChannel, cut: () => void): void {
  const timer = setTimeout(cut, FLUSH_TIMEOUT_MS);
  dataChannel.addEventListener('close', () => {
    clearTimeout(timer);
    cut();
  });
  dataChannel.close();
}

const FLUSH_TIMEOUT_MS = 5000;
