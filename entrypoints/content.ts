// The one script that runs in web pages: it wires the annotator and the page engine to the node's messages.
// It does not use WXT's context, whose end any script of the page could announce.
import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet; WXT lists it in the manifest
import '../lib/page/highlight.css';
import type { Annotator } from '../lib/page/annotator.ts';
import { startAnnotator } from '../lib/page/annotator.ts';
import { ANNOTATOR_ELEMENT } from '../lib/page/annotator-element.ts';
import { createRemoteHost } from '../lib/page/annotator-remote.ts';
import type { PageEngine } from '../lib/page/engine.ts';
import { createPageEngine } from '../lib/page/engine.ts';
import { parseAnnotatorCommand } from '../lib/wire/annotator.ts';
import { toHex } from '../lib/wire/bytes.ts';
import { failureOf } from '../lib/wire/failure.ts';
import { parsePageRequest } from '../lib/wire/page.ts';
import { pageRequestOf } from '../lib/wire/page-message.ts';

export default defineContentScript({
  matches: ['http://*/*', 'https://*/*', 'file:///*'],
  runAt: 'document_start',
  main() {
    const life = new AbortController();
    const post = {
      send: (message: unknown): Promise<unknown> => browser.runtime.sendMessage(message),
      isAlive: () => browser.runtime?.id !== undefined,
    };
    const annotator = startAnnotator(
      createRemoteHost(post, () => life.abort()),
      life.signal,
    );
    const engine = createPageEngine({ documentId: randomId(), closedShadow });
    browser.runtime.onMessage.addListener((message: unknown, sender, reply) => {
      if (sender.id !== browser.runtime.id) return undefined;
      const answer = answerTo(message, annotator, engine, life.signal);
      if (answer === null) return undefined;
      void answer.catch((error: unknown) => ({ ok: false, failure: failureOf(error) })).then(reply);
      return true;
    });
  },
});

/** `crypto.randomUUID` is missing in pages that came over plain HTTP. */
function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** A closed shadow root of the page's. Never our own: an agent must not read or press what is for the person. */
function closedShadow(element: Element): ShadowRoot | null {
  if (!(element instanceof HTMLElement) || element.localName === ANNOTATOR_ELEMENT) return null;
  if (browser.dom !== undefined) return browser.dom.openOrClosedShadowRoot(element);
  const root: unknown = Reflect.get(element, 'openOrClosedShadowRoot');
  return root instanceof ShadowRoot ? root : null;
}

function answerTo(
  message: unknown,
  annotator: Annotator,
  engine: PageEngine,
  signal: AbortSignal,
): Promise<unknown> | null {
  const command = parseAnnotatorCommand(message);
  if (command !== null) return annotator.handle(command);
  const envelope = pageRequestOf(message);
  if (envelope === null) return null;
  const request = parsePageRequest(envelope.request);
  return request.ok ? engine.run(request.value, signal) : Promise.resolve(request);
}
