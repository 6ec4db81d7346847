// Inside the document worker: the loaded documents, and the calls that act on them, one after another.
import { fail, failureOf, ok, type Result } from '../../wire/failure.ts';
import { kindOfDocument } from '../documents/kinds.ts';
import { LiveDocument, type Applied, type BoundChange } from '../documents/live-document.ts';
import { DEFAULT_LIMITS, LoadedDocuments, type LoadedLimits } from './loaded-documents.ts';
import {
  READY,
  type DocumentCallName,
  type DocumentCalls,
  type DocumentReply,
  type DocumentRequest,
} from './protocol.ts';

type Handlers = {
  readonly [N in DocumentCallName]: (
    args: Parameters<DocumentCalls[N]>[0],
  ) => Result<ReturnType<DocumentCalls[N]>>;
};

/** Answers requests that arrive on `port`, in order, once `ready` has settled. */
export function serveDocuments(
  port: MessagePort,
  ready: Promise<unknown>,
  limits: LoadedLimits = DEFAULT_LIMITS,
): void {
  const handlers = createHandlers(new LoadedDocuments(limits));
  let turn: Promise<unknown> = ready.then(() => {
    port.postMessage({ id: READY, result: ok(null) } satisfies DocumentReply);
  });
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

function createHandlers(documents: LoadedDocuments): Handlers {
  const withDocument = <T>(id: string, use: (document: LiveDocument) => Result<T>): Result<T> => {
    const document = documents.get(id);
    return document === null ? notLoaded() : use(document);
  };
  const apply = (id: string, changes: readonly BoundChange[]): Result<Applied> =>
    withDocument(id, (live) => {
      const applied = live.apply(changes);
      documents.grow(id, sizeOf(changes));
      return ok(applied);
    });
  return {
    load: ({ document, kind, base, changes, skip }) => {
      const found = kindOfDocument(kind);
      if (found === null) return unknownKind(kind);
      const live =
        base === null
          ? new LiveDocument(found, skip)
          : LiveDocument.restore(found, base.snapshot, skip);
      if (live === null) return spoiled();
      documents.put(document, live);
      documents.grow(document, base?.bytes ?? 0);
      return apply(document, changes);
    },
    apply: ({ document, changes }) => apply(document, changes),
    propose: ({ document, actor, verb, args, at }) =>
      withDocument(document, (live) => live.propose(actor, verb, args, at)),
    transplant: ({ document, move }) => withDocument(document, (live) => live.transplant(move)),
    read: ({ document }) => withDocument(document, (live) => ok(live.read())),
    readAt: ({ document, within }) => withDocument(document, (live) => ok(live.readAt(within))),
    snapshot: ({ document }) => withDocument(document, (live) => ok(live.snapshot())),
    version: ({ document }) => withDocument(document, (live) => ok(live.heads())),
    readVersion: ({ document, version }) =>
      withDocument(document, (live) => live.readVersion(version)),
    unload: ({ document }) => {
      documents.remove(document);
      return ok(null);
    },
  };
}

function sizeOf(changes: readonly BoundChange[]): number {
  return changes.reduce((total, { bytes }) => total + bytes.length, 0);
}

function notLoaded(): Result<never> {
  return fail('closed', 'This document is not loaded.', 'Load it from the log first.');
}

function spoiled(): Result<never> {
  return fail('malformed', 'A stored document cannot be read.', 'Build it anew from the log.');
}

function unknownKind(kind: string): Result<never> {
  return fail('bad_arguments', `There is no document of kind "${kind}".`, 'Update Commonplace.');
}
