// Whether a person could see an element, told from computed style and layout. A run keeps one cache: all
// reads, no writes, so the browser lays the page out once. Climbs and descends by loops: depth is the page's.
import { isFrame } from './kinds.ts';
import { clipOf, isOutside, meet, type Box } from './clip.ts';
import { attributeOf, boxOf, localNameOf, ownerDocumentOf, windowOf } from './native.ts';
import { layer, parseColour, type Colour } from './colour.ts';
import type { PageTree } from './tree.ts';

/** Why something cannot be seen. */
export type Hidden =
  | 'display'
  | 'visibility'
  | 'opacity'
  | 'aria-hidden'
  | 'clipped'
  | 'off-page'
  | 'tiny'
  | 'colour'
  | 'indent';

export interface Look {
  readonly style: CSSStyleDeclaration;
  readonly box: Box;
  /** Nothing of this subtree can be seen. */
  readonly gone: Hidden | null;
  readonly opacity: number;
  /** What is painted behind its text: a colour, or null when it cannot be told (an image). */
  readonly behind: Colour | null;
  /** What in-flow content may show in, and what absolutely placed content may. Null: anywhere. */
  readonly flowClip: Box | null;
  readonly absoluteClip: Box | null;
  /** Where the content of the nearest thing that scrolls begins; null outside any. */
  readonly scrollOrigin: { readonly left: number; readonly top: number } | null;
}

export interface Looks {
  of(element: Element): Look;
}

const LOWEST_OPACITY = 0.06;
const SMALLEST_SCALE = 0.1;
/** Further right or down than this, outside anything that scrolls, is a hiding place. */
const FAR_AWAY_PX = 6_000;

export function createLooks(tree: PageTree, canvas: Colour): Looks {
  const known = new Map<Element, Look>();

  function of(element: Element): Look {
    const unknown: Element[] = [];
    let at: Element | null = element;
    while (at !== null && !known.has(at)) {
      unknown.push(at);
      at = tree.parentOf(at);
    }
    let look = at === null ? null : (known.get(at) ?? null);
    for (let next = unknown.pop(); next !== undefined; next = unknown.pop()) {
      look = examine(next, look, canvas);
      known.set(next, look);
    }
    return look ?? examine(element, null, canvas);
  }

  return { of };
}

function examine(element: Element, parent: Look | null, canvas: Colour): Look {
  if (parent !== null && parent.gone !== null) return parent;
  const style = computedStyle(element);
  const box = boxOf(element);
  const opacity = (parent?.opacity ?? 1) * opacityOf(style);
  const around = incomingClip(style.position, parent);
  const scrolls = /auto|scroll/u.test(style.overflow) && !isViewport(element, parent);
  const flowClip = contentClip(element, style, box, parent, scrolls);
  const placed = style.position !== 'static' || style.transform !== 'none';
  return {
    style,
    box,
    opacity,
    gone: whyGone(element, style, box, opacity, around, parent),
    behind: behindOf(style, parent, canvas),
    flowClip,
    absoluteClip: placed ? flowClip : (parent?.absoluteClip ?? null),
    scrollOrigin: scrolls ? originOf(element, box) : outerOrigin(element, style, parent),
  };
}

/** The root, and the body whose overflow the viewport has taken over: both scroll as the page does. */
function isViewport(element: Element, parent: Look | null): boolean {
  const name = localNameOf(element);
  if (name === 'html' || parent === null) return true;
  return name === 'body' && parent.style.overflow === 'visible';
}

function contentClip(
  element: Element,
  style: CSSStyleDeclaration,
  box: Box,
  parent: Look | null,
  scrolls: boolean,
): Box | null {
  if (isFrame(element) || scrolls) return null;
  const around = incomingClip(style.position, parent);
  return isViewport(element, parent) ? around : meet(around, clipOf(style, box));
}

function originOf(element: Element, box: Box): { left: number; top: number } {
  return { left: box.left - element.scrollLeft, top: box.top - element.scrollTop };
}

function outerOrigin(element: Element, style: CSSStyleDeclaration, parent: Look | null) {
  if (isFrame(element) || style.position === 'fixed') return null;
  return parent?.scrollOrigin ?? null;
}

export function computedStyle(element: Element): CSSStyleDeclaration {
  const home = ownerDocumentOf(element);
  return (
    (home === null ? null : windowOf(home))?.getComputedStyle(element) ?? getComputedStyle(element)
  );
}

function opacityOf(style: CSSStyleDeclaration): number {
  const own = Number.parseFloat(style.opacity);
  const filtered = /opacity\(([\d.]+)\)/u.exec(style.filter)?.[1];
  return (Number.isNaN(own) ? 1 : own) * (filtered === undefined ? 1 : Number.parseFloat(filtered));
}

function incomingClip(position: string, parent: Look | null): Box | null {
  if (parent === null || position === 'fixed') return null;
  return position === 'absolute' ? parent.absoluteClip : parent.flowClip;
}

function whyGone(
  element: Element,
  style: CSSStyleDeclaration,
  box: Box,
  opacity: number,
  around: Box | null,
  parent: Look | null,
): Hidden | null {
  if (style.display === 'none') return 'display';
  if (attributeOf(element, 'aria-hidden') === 'true') return 'aria-hidden';
  if (opacity < LOWEST_OPACITY) return 'opacity';
  if (parent !== null && parent.style.contentVisibility === 'hidden') return 'display';
  if (style.display === 'contents') return null;
  if (isClippedAway(style, box)) return 'clipped';
  if (isShrunk(element, style, box)) return 'tiny';
  if (box.width <= 0 || box.height <= 0) return null;
  if (isOutside(box, around)) return 'clipped';
  return isOffPage(element, style, box, parent) ? 'off-page' : null;
}

function isClippedAway(style: CSSStyleDeclaration, box: Box): boolean {
  const cut = style.overflow !== 'visible' && style.display !== 'inline';
  if (cut && (box.width <= 1.5 || box.height <= 1.5)) return true;
  if (style.clip !== 'auto' && style.position !== 'static') {
    const [top = 0, right = 0, bottom = 0, left = 0] =
      style.clip.match(/-?[\d.]+/gu)?.map(Number) ?? [];
    if (right - left <= 1.5 || bottom - top <= 1.5) return !style.clip.includes('auto');
  }
  return /^(inset\((49\.|[5-9]\d|100)|circle\(0|ellipse\(0|polygon\(0(px|%)? 0(px|%)?(, 0(px|%)? 0(px|%)?)*\))/u.test(
    style.clipPath,
  );
}

function isShrunk(element: Element, style: CSSStyleDeclaration, box: Box): boolean {
  if (style.transform === 'none' && style.scale === 'none' && style.zoom === '1') return false;
  // Only HTML boxes have an untransformed width to compare with.
  const width = 'offsetWidth' in element ? Number(element.offsetWidth) : 0;
  return width > 0 && box.width / width < SMALLEST_SCALE;
}

function isOffPage(
  element: Element,
  style: CSSStyleDeclaration,
  box: Box,
  parent: Look | null,
): boolean {
  const view = windowOf(ownerDocumentOf(element) ?? document);
  if (parent === null || view === null) return false;
  const page =
    style.position === 'fixed' ? { left: 0, top: 0 } : { left: -view.scrollX, top: -view.scrollY };
  const origin = (style.position === 'fixed' ? null : parent.scrollOrigin) ?? page;
  // Nothing scrolls further back than to where the content begins (in right-to-left pages, at the right).
  if (box.left + box.width <= origin.left && style.direction !== 'rtl') return true;
  if (box.top + box.height <= origin.top) return true;
  if (parent.scrollOrigin !== null || style.position === 'static') return false;
  return box.left - origin.left > view.innerWidth + FAR_AWAY_PX;
}

/** The first opaque layer from here up, with what is half transparent laid over it. */
function behindOf(style: CSSStyleDeclaration, parent: Look | null, canvas: Colour): Colour | null {
  if (style.backgroundImage !== 'none') return null;
  const under = parent === null ? canvas : parent.behind;
  const own = parseColour(style.backgroundColor);
  if (own === null) return style.backgroundColor === '' ? under : null;
  if (own.alpha >= 0.99) return own;
  return under === null ? null : layer(own, under);
}
