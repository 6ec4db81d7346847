// Inside the document worker: the loaded documents, and the calls that act on them, one after another.
import { fail, failureOf, ok, type Result } from '../../wire/failure.ts';
import { kindOfDocument } from '../documents/kinds.ts';
import { LiveDocument } from '../documents/live-document.ts';
import type {
  DocumentCallName,
  DocumentCalls,
  DocumentReply,
  DocumentRequest,
} from './protocol.ts';

type Handlers = {
  readonly [N in DocumentCallName]: (
    args: Parameters<DocumentCalls[N]>[0],
  ) => Result<ReturnType<DocumentCalls[N]>>;
};

/** Answers requests that arrive on `port`, in order, once `ready` has settled. */
export function serveDocuments(port: MessagePort, ready: Promise<unknown>): void {
  const handlers = createHandlers();
  let turn: Promise<unknown> = ready;
  port.addEventListener('message', (event: MessageEvent<DocumentRequest>) => {
    turn = turn.then(
      () => port.postMessage(answer(handlers, event.data)),
      (error: unknown) => port.postMessage(broken(event.data.id, error)),
    );
  });
  port.start();
}

function answer(handlers: Handlers, request: DocumentRequest): DocumentReply {
  // The two ends are of one build: the arguments are those of the call that the request names.
  const handler = handlers[request.call] as (args: unknown) => Result<unknown>;
  try {
    return { id: request.id, result: handler(request.args) };
  } catch (error) {
    return broken(request.id, error);
  }
}

function broken(id: number, error: unknown): DocumentReply {
  return { id, result: { ok: false, failure: failureOf(error) } };
}

function createHandlers(): Handlers {
  const documents = new Map<string, LiveDocument>();
  const withDocument = <T>(id: string, use: (document: LiveDocument) => Result<T>): Result<T> => {
    const document = documents.get(id);
    return document === undefined ? notLoaded() : use(document);
  };
  return {
    load: ({ document, kind, changes }) => {
      const found = kindOfDocument(kind);
      if (found === null) return unknownKind(kind);
      documents.get(document)?.free();
      const live = new LiveDocument(found);
      documents.set(document, live);
      return ok(live.apply(changes));
    },
    apply: ({ document, changes }) => withDocument(document, (live) => ok(live.apply(changes))),
    propose: ({ document, actor, verb, args, at }) =>
      withDocument(document, (live) => live.propose(actor, verb, args, at)),
    read: ({ document }) => withDocument(document, (live) => ok(live.read())),
    unload: ({ document }) => {
      documents.get(document)?.free();
      documents.delete(document);
      return ok(null);
    },
  };
}

function notLoaded(): Result<never> {
  return fail('not_found', 'This document is not loaded.', 'Load it from the log first.');
}

function unknownKind(kind: string): Result<never> {
  return fail('bad_arguments', `There is no document of kind "${kind}".`, 'Update Commonplace.');
}
