// Annotations in one page: marks that keep their place, and the small UI to make and read them. The page is
// hostile ground: nothing here trusts it, and all of it stops with one signal.
import type { AnnotationTarget, AnnotatorCommand, PageAnnotations } from '../wire/annotator.ts';
import { pageAddress } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import { fail } from '../wire/failure.ts';
import type { Quoted } from './anchor-describe.ts';
import { describeQuote } from './anchor-describe.ts';
import { pace } from './anchor-pace.ts';
import { buildPageText, pageRoot } from './anchor-text.ts';
import { ANNOTATOR_ELEMENT } from './annotator-element.ts';
import { createDrafting } from './annotator-drafting.ts';
import { createFloat } from './annotator-float.ts';
import type { AnnotatorHost } from './annotator-host.ts';
import { createMarks } from './annotator-marks.ts';
import type { AnnotatorModel } from './annotator-model.ts';
import { createAnnotatorModel } from './annotator-model.ts';
import { createReader } from './annotator-reading.ts';
import { watchShortcut } from './annotator-shortcut.ts';
import { watchPage } from './annotator-watch.ts';
import { createOverlayPainter } from './highlight-overlay.ts';
import type { Painter } from './highlight-paint.ts';
import { createHighlightPainter } from './highlight-paint.ts';

const OPEN_PAUSES_MS = [300, 1_500, 6_000];

export interface Annotator {
  /** Obeys the node. The promise is the reply; it is null for commands that have none. */
  handle(command: AnnotatorCommand): Promise<Result<AnnotationTarget | null> | null>;
}

/**
 * Starts annotating the document that this script is in. Call it at `document_start`, so that what is typed
 * into the card stays out of the page's ears; marks are looked for once the document has been parsed.
 */
export function startAnnotator(host: AnnotatorHost, signal: AbortSignal): Annotator {
  return isHtml() ? annotate(host, signal) : { handle: () => Promise.resolve(unfit()) };
}

function annotate(host: AnnotatorHost, signal: AbortSignal): Annotator {
  const painter = createHighlightPainter() ?? overlayPainter(signal);
  const float = createFloat(signal);
  const marks = createMarks(painter, (states) => model.report(states), signal);
  const model = createAnnotatorModel(host, marks, () => changed());
  const drafting = createDrafting({ model, host, float, painter, signal });
  const reader = createReader({ model, marks, float, painter, signal });
  const changed = (): void => {
    drafting.stateChanged();
    reader.stateChanged();
  };
  const watch = (): void => {
    const page = watchPage(
      {
        changed: () => void marks.refresh().then(page.tookMs),
        navigated: (url) => {
          if (float.current()?.kind === 'button') float.close();
          void openPatiently(model, url, signal);
        },
      },
      signal,
    );
    const open = (): void => void openPatiently(model, pageAddress(location.href), signal);
    open();
    onRestored(open, signal);
  };
  // An earlier copy of this script may have left its own, when the extension was updated.
  painter.clear();
  whenParsed(watch, signal);
  watchShortcut(() => void drafting.begin(), signal);
  watchSelection(float.host, (byKey) => drafting.offer(byKey), signal);
  signal.addEventListener('abort', () => painter.clear());

  const obey = async (command: AnnotatorCommand): ReturnType<Annotator['handle']> => {
    if (signal.aborted) return stopped();
    if (command.type === 'annotations.show') return reader.reveal(command.id);
    if (command.type === 'anchor.describe') return describe(command, signal);
    if (command.type === 'annotations.set') model.set(command.url, pageOf(command));
    else await drafting.begin();
    return null;
  };
  return { handle: obey };
}

/** The node may be starting, or not know yet that the page moved: it is asked a few times. */
async function openPatiently(
  model: AnnotatorModel,
  url: string | null,
  signal: AbortSignal,
): Promise<void> {
  for (const pauseMs of OPEN_PAUSES_MS) {
    const opened = await model.open(url);
    if (opened.ok || url === null) return;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
    if (signal.aborted || model.url() !== url || model.page() !== null) return;
  }
}

type SetCommand = Extract<AnnotatorCommand, { type: 'annotations.set' }>;

function pageOf({ annotations, spaces, activeSpaceId, person }: SetCommand): PageAnnotations {
  return { annotations, spaces, activeSpaceId, person };
}

async function describe(quoted: Quoted, signal: AbortSignal): Promise<Result<AnnotationTarget>> {
  const read = await pace(buildPageText(pageRoot()), signal);
  const described = read && (await pace(describeQuote(read.value.text, quoted), signal));
  return described?.value ?? stopped();
}

/** Calls back when the browser shows this document again from its back-forward cache. */
function onRestored(restored: () => void, signal: AbortSignal): void {
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) restored();
  };
  window.addEventListener('pageshow', shown, { signal });
}

function overlayPainter(signal: AbortSignal): Painter {
  const host = document.createElement(ANNOTATOR_ELEMENT);
  host.style.setProperty('all', 'initial', 'important');
  host.style.setProperty('pointer-events', 'none', 'important');
  const layer = document.createElement('div');
  layer.style.cssText =
    'position:fixed;inset:0;z-index:2147483646;pointer-events:none;overflow:hidden';
  host.attachShadow({ mode: 'closed' }).append(layer);
  whenParsed(() => document.documentElement.append(host), signal);
  signal.addEventListener('abort', () => host.remove());
  return createOverlayPainter(layer, signal);
}

function whenParsed(start: () => void, signal: AbortSignal): void {
  if (document.readyState !== 'loading') start();
  else document.addEventListener('DOMContentLoaded', start, { once: true, signal });
}

/** Calls back after a person's own mouse or key may have changed the selection. */
function watchSelection(
  ours: HTMLElement,
  offer: (byKey: boolean) => void,
  signal: AbortSignal,
): void {
  const options = { capture: true, passive: true, signal };
  const later = (event: Event): void => {
    // The selection settles after the event. A press on our own button leaves it and the button alone.
    if (event.isTrusted && event.target !== ours) setTimeout(() => offer(event.type === 'keyup'));
  };
  window.addEventListener('mouseup', later, options);
  window.addEventListener('keyup', later, options);
}

function isHtml(): boolean {
  return document instanceof HTMLDocument || document.contentType === 'application/xhtml+xml';
}

function unfit(): Result<never> {
  return fail(
    'unavailable',
    'This document is not a page of text that can be annotated.',
    'Annotate a web page.',
  );
}

function stopped(): Result<never> {
  return fail('closed', 'This page is no longer annotated.', 'Reload the page and try again.');
}
