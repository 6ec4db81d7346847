// The events of a hand on a pointing device, in the order a browser sends them, defaults respected:
// a prevented mousedown moves no focus, a disabled browser default does not happen twice.
import type { PageTree } from '../dom/tree.ts';
import { ownerDocumentOf, windowOf } from '../dom/native.ts';
import { blur, focus, isFocusable } from './focus.ts';
import type { Target } from './point.ts';

export type PointerButton = 'left' | 'middle' | 'right';
const BUTTON = { left: 0, middle: 1, right: 2 } as const;
const BUTTONS = { left: 1, middle: 4, right: 2 } as const;
const MAX_ENTERED = 40;

export function clickAt(
  target: Target,
  button: PointerButton,
  count: number,
  tree: PageTree,
): void {
  const { touched } = target;
  const hand = handAt(target, button);
  hover(touched, hand, tree);
  for (let nth = 1; nth <= count; nth++) {
    hand.pointer(touched, 'pointerdown', nth, true);
    if (hand.mouse(touched, 'mousedown', nth, true)) moveFocus(touched, tree);
    hand.pointer(touched, 'pointerup', nth, false);
    hand.mouse(touched, 'mouseup', nth, false);
    finish(touched, hand, button, nth);
  }
}

/** A plain left click, for acts that are done by clicking. */
export function clickOnce(target: Target, tree: PageTree): void {
  clickAt(target, 'left', 1, tree);
}

/** The click that a keyboard makes: no pointer, no place. */
export function clickElement(element: Element): void {
  element.dispatchEvent(
    new PointerEvent('click', { bubbles: true, cancelable: true, composed: true, detail: 0 }),
  );
}

type Hand = ReturnType<typeof handAt>;

function handAt({ touched, x, y }: Target, button: PointerButton) {
  const view = windowOf(ownerDocumentOf(touched) ?? document);
  const shared = (nth: number, isDown: boolean, bubbles = true) => ({
    bubbles,
    cancelable: bubbles,
    composed: true,
    view,
    detail: nth,
    clientX: x,
    clientY: y,
    screenX: x + (view?.screenX ?? 0),
    screenY: y + (view?.screenY ?? 0),
    button: BUTTON[button],
    buttons: isDown ? BUTTONS[button] : 0,
  });
  const asMouse = { pointerId: 1, pointerType: 'mouse', isPrimary: true };
  return {
    /** Both answer whether the page let the browser's own doing stand. */
    mouse: (on: Element, type: string, nth: number, isDown: boolean, bubbles = true): boolean =>
      on.dispatchEvent(new MouseEvent(type, shared(nth, isDown, bubbles))),
    pointer: (on: Element, type: string, nth: number, isDown: boolean, bubbles = true): boolean =>
      on.dispatchEvent(new PointerEvent(type, { ...shared(nth, isDown, bubbles), ...asMouse })),
  };
}

function hover(touched: Element, hand: Hand, tree: PageTree): void {
  hand.pointer(touched, 'pointerover', 0, false);
  const entered: Element[] = [];
  for (let at: Element | null = touched; at !== null; at = tree.parentOf(at)) entered.push(at);
  const near = entered.slice(0, MAX_ENTERED).toReversed();
  for (const element of near) hand.pointer(element, 'pointerenter', 0, false, false);
  hand.mouse(touched, 'mouseover', 0, false);
  for (const element of near) hand.mouse(element, 'mouseenter', 0, false, false);
  hand.pointer(touched, 'pointermove', 0, false);
  hand.mouse(touched, 'mousemove', 0, false);
}

function moveFocus(touched: Element, tree: PageTree): void {
  for (let at: Element | null = touched; at !== null; at = tree.parentOf(at)) {
    if (isFocusable(at)) {
      focus(at, tree);
      return;
    }
  }
  blur(tree);
}

function finish(touched: Element, hand: Hand, button: PointerButton, nth: number): void {
  if (!touched.isConnected) return;
  if (button === 'left') {
    hand.pointer(touched, 'click', nth, false);
    if (nth === 2) hand.mouse(touched, 'dblclick', nth, false);
    return;
  }
  hand.pointer(touched, 'auxclick', nth, false);
  if (button === 'right') hand.pointer(touched, 'contextmenu', nth, false);
}
