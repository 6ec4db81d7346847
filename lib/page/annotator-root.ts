// Where the in-page UI lives: one closed shadow root, which the page's styles and scripts cannot reach, on an
// element that is in the page only while something is shown. What a person types in it stays out of the page's ears.
import { ANNOTATOR_ELEMENT } from './annotator-element.ts';
import { annotatorSheet } from './annotator-sheet.ts';

/** A page that removes our element gets it back this often in a row, then wins. */
const MAX_REATTACHMENTS = 20;

/** Composed events that would tell a listener on `window` what is typed, or let it take the focus away. */
const PRIVATE_EVENTS = [
  'keydown keypress keyup beforeinput input compositionstart compositionupdate compositionend',
  'copy cut paste drop dragstart focus focusin focusout blur textInput',
]
  .join(' ')
  .split(' ');
const POINTER_EVENTS = [
  'click dblclick auxclick contextmenu mousedown mouseup pointerdown pointerup',
  'touchstart touchend wheel',
]
  .join(' ')
  .split(' ');

export interface RootListener {
  /** A key that a person pressed while the focus was in our UI. */
  key(event: KeyboardEvent): void;
  /** Something was typed. */
  input(): void;
}

export interface AnnotatorRoot {
  readonly host: HTMLElement;
  /** Shows these elements and no others; none takes our element out of the page. */
  show(...elements: readonly HTMLElement[]): void;
  isShowing(): boolean;
}

/**
 * Call it before the page's own scripts run (`document_start`): of two listeners on `window` the first one
 * registered hears first, and ours stops private events there.
 */
export function createAnnotatorRoot(listener: RootListener, signal: AbortSignal): AnnotatorRoot {
  const host = createHost();
  const shadow = host.attachShadow({ mode: 'closed' });
  shadow.adoptedStyleSheets = [annotatorSheet()];
  const layer = document.createElement('div');
  layer.className = 'layer';
  shadow.append(layer);
  let showing = false;
  keepPrivate(host, listener, signal);
  for (const type of POINTER_EVENTS) {
    shadow.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  }
  const keep = keepAttached(host, () => showing, signal);
  signal.addEventListener('abort', () => host.remove());
  return {
    host,
    isShowing: () => showing,
    show(...elements) {
      showing = elements.length > 0 && !signal.aborted;
      layer.replaceChildren(...elements);
      if (showing) keep.attach();
      else keep.detach();
    },
  };
}

/** Inline and important, so that no rule of the page can move it, hide it or restyle it. */
function createHost(): HTMLElement {
  const host = document.createElement(ANNOTATOR_ELEMENT);
  const style: Readonly<Record<string, string>> = {
    all: 'initial',
    position: 'fixed',
    inset: '0 auto auto 0',
    width: '0',
    height: '0',
    display: 'block',
    'z-index': '2147483647',
    'pointer-events': 'none',
  };
  for (const [name, value] of Object.entries(style))
    host.style.setProperty(name, value, 'important');
  return host;
}

function keepPrivate(host: HTMLElement, listener: RootListener, signal: AbortSignal): void {
  for (const type of PRIVATE_EVENTS) {
    const hear = (event: Event): void => {
      if (event.target !== host) return;
      event.stopImmediatePropagation();
      if (!event.isTrusted) return;
      if (type === 'keydown' && event instanceof KeyboardEvent) listener.key(event);
      if (type === 'input') listener.input();
    };
    window.addEventListener(type, hear, { capture: true, signal });
  }
}

function keepAttached(host: HTMLElement, wanted: () => boolean, signal: AbortSignal) {
  let left = MAX_REATTACHMENTS;
  const observer = new MutationObserver(() => {
    if (!wanted() || host.parentNode === document.documentElement || left <= 0) return;
    left--;
    document.documentElement.append(host);
  });
  signal.addEventListener('abort', () => observer.disconnect());
  return {
    attach(): void {
      left = MAX_REATTACHMENTS;
      if (host.parentNode !== document.documentElement) document.documentElement.append(host);
      observer.observe(document, { childList: true });
      observer.observe(document.documentElement, { childList: true });
    },
    detach(): void {
      observer.disconnect();
      host.remove();
    },
  };
}
