// Whether the text standing directly in an element can be read, given that the element itself is there.
import { contrast, layer, parseColour, type Colour } from './colour.ts';
import type { Box } from './clip.ts';
import type { Hidden, Look } from './look.ts';
import { attributeOf, boxOf, elementsAt, ownerDocumentOf, selectAll } from './native.ts';
import type { PageTree } from './tree.ts';

const SMALLEST_FONT_PX = 3;
const LEAST_CONTRAST = 1.12;
const MAX_PAINTED = 60;
const PAINTED = 'img, picture, video, canvas, svg, iframe, object, embed';

export function hiddenText(element: Element, look: Look, tree: PageTree): Hidden | null {
  if (look.gone !== null) return look.gone;
  const { style } = look;
  if (style.visibility !== 'visible') return 'visibility';
  if (Number.parseFloat(style.fontSize) < SMALLEST_FONT_PX) return 'tiny';
  if (isIndentedAway(style)) return 'indent';
  return isInvisibleInk(element, look, tree) ? 'colour' : null;
}

function isIndentedAway(style: CSSStyleDeclaration): boolean {
  const indent = Number.parseFloat(style.textIndent);
  return Math.abs(indent) >= (style.textIndent.endsWith('%') ? 90 : 400);
}

function isInvisibleInk(element: Element, { style, behind, box }: Look, tree: PageTree): boolean {
  const ink = parseColour(style.webkitTextFillColor || style.color);
  if (ink === null) return false;
  const glows = style.textShadow !== 'none' || style.backgroundClip === 'text';
  if (glows) return false;
  if (ink.alpha < 0.06) return true;
  if (behind === null || !isLike(ink, behind)) return false;
  return !isOverPaint(element, box, tree);
}

function isLike(ink: Colour, behind: Colour): boolean {
  return contrast(layer(ink, behind), behind) < LEAST_CONTRAST;
}

/** White text over a photograph: something not among its ancestors is painted behind it. */
function isOverPaint(element: Element, box: Box, tree: PageTree): boolean {
  return paintedBeneath(element, box, tree) || paintedAround(element, box, tree);
}

/** What the browser would hit under the text's middle, if that is on screen. */
function paintedBeneath(element: Element, box: Box, tree: PageTree): boolean {
  const home = ownerDocumentOf(element);
  if (home === null) return false;
  const stack = elementsAt(home, box.left + box.width / 2, box.top + box.height / 2);
  const own = stack.indexOf(element);
  return stack.slice(own + 1).some((beneath) => {
    if (tree.contains(beneath, element)) return false;
    const style = getComputedStyle(beneath);
    const paint = parseColour(style.backgroundColor);
    return style.backgroundImage !== 'none' || (paint !== null && paint.alpha > 0.3);
  });
}

/** Off screen: a picture beside it, near up the tree, that covers the text's place. */
function paintedAround(element: Element, box: Box, tree: PageTree): boolean {
  let around = tree.parentOf(element);
  for (let level = 0; around !== null && level < 4; level++) {
    const pictures = [...selectAll(around, PAINTED)].slice(0, MAX_PAINTED);
    if (pictures.some((picture) => isUnder(picture, box))) return true;
    around = tree.parentOf(around);
  }
  return false;
}

function isUnder(picture: Element, box: Box): boolean {
  if (attributeOf(picture, 'hidden') !== null) return false;
  const { left, top, right, bottom } = boxOf(picture);
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  return right - left > 16 && bottom - top > 16 && x > left && x < right && y > top && y < bottom;
}
