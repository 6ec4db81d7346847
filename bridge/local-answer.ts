// Answers a client's request when the node cannot: the same MCP server as in the extension, over tools that
// only say why. So both revisions get well-formed answers, and a client can connect before the browser runs.
import type { ToolDispatcher } from '../lib/tools/mcp/dispatcher.ts';
import { failureText } from '../lib/tools/mcp/results.ts';
import { serveMcp } from '../lib/tools/mcp/serve.ts';
import { FailureError, type Failure } from '../lib/wire/failure.ts';
import { errorAnswer, sort, type RpcMessage, type RpcRequest } from './json-rpc.ts';

/** Calls back exactly once. */
export function answerLocally(
  request: RpcRequest,
  failure: Failure,
  answer: (message: RpcMessage) => void,
): void {
  // A subscription would be accepted and then never served.
  if (request.method === 'subscriptions/listen') {
    return answer(errorAnswer(request.id, -32603, failureText(failure)));
  }
  let closed: (() => void) | null = null;
  const server = serveMcp(
    {
      // Not at once: an answer that came before `serveMcp` returned could not close it.
      receive: (receiver) => queueMicrotask(() => receiver(request)),
      onClose: (listener) => (closed = listener),
      close: () => closed?.(),
      send: (message) => {
        const sorted = sort(message);
        if (sorted.kind !== 'response') return;
        answer(sorted.message);
        server.close();
      },
    },
    { dispatcher: refusing(failure), caller: NOBODY, version: 'offline' },
  );
}

const NOBODY = { sessionId: '', did: '', name: '' };

function refusing(failure: Failure): ToolDispatcher {
  return {
    list: () => {
      throw new FailureError(failure);
    },
    call: () => Promise.resolve({ ok: false, failure }),
  };
}
