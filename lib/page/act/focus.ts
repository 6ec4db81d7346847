// Where the focus is and moving it. A tab that is not in front gets the focus but none of the events, so
// pages that listen for them would not notice: there they are sent by hand.
import { isHtml } from '../dom/kinds.ts';
import { activeElementOf, matches, ownerDocumentOf, shadowActiveElementOf } from '../dom/native.ts';
import type { PageTree } from '../dom/tree.ts';

const FOCUSABLE =
  'a[href], area[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, ' +
  'textarea:enabled, summary, iframe, [tabindex], [contenteditable=""], [contenteditable=true], ' +
  'audio[controls], video[controls]';

export function isFocusable(element: Element): boolean {
  return matches(element, FOCUSABLE);
}

/** The focused element, through shadow trees and same-origin frames; null when nothing has it. */
export function focusedIn(tree: PageTree): Element | null {
  let active = activeElementOf(tree.top);
  for (let depth = 0; active !== null && depth < 20; depth++) {
    const shadow = tree.shadowOf(active);
    const inside = tree.insideFrame(active);
    const inner: Element | null =
      shadow !== null
        ? shadowActiveElementOf(shadow)
        : inside === null
          ? null
          : activeElementOf(inside);
    if (inner === null) break;
    active = inner;
  }
  return active === null || /^(body|html)$/u.test(active.localName) ? null : active;
}

export function focus(element: Element, tree: PageTree): void {
  const before = focusedIn(tree);
  if (before === element || !isHtml(element)) return;
  let heard = false;
  const hear = (): void => void (heard = true);
  element.addEventListener('focus', hear, { capture: true, once: true });
  HTMLElement.prototype.focus.call(element, { preventScroll: true });
  element.removeEventListener('focus', hear, { capture: true });
  if (!heard && focusedIn(tree) === element) announce(before, element);
}

export function blur(tree: PageTree): void {
  const before = focusedIn(tree);
  if (before === null || !isHtml(before)) return;
  const inFront = ownerDocumentOf(before)?.hasFocus() ?? false;
  HTMLElement.prototype.blur.call(before);
  if (!inFront) announce(before, null);
}

function announce(from: Element | null, to: Element | null): void {
  from?.dispatchEvent(new FocusEvent('blur', { relatedTarget: to, composed: true }));
  from?.dispatchEvent(
    new FocusEvent('focusout', { relatedTarget: to, bubbles: true, composed: true }),
  );
  to?.dispatchEvent(new FocusEvent('focus', { relatedTarget: from, composed: true }));
  to?.dispatchEvent(
    new FocusEvent('focusin', { relatedTarget: from, bubbles: true, composed: true }),
  );
}
