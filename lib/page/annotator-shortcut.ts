// The keyboard shortcut, for where the browser has not bound it: another extension may hold the keys, or the person's
// browser gives none. Where the browser has bound it, it takes the keys before a page sees them.

/** Calls back on a person's own Alt+Shift+A while text of the page is selected; elsewhere the keys are the page's. */
export function watchShortcut(begin: () => void, signal: AbortSignal): void {
  const pressed = (event: KeyboardEvent): void => {
    if (!event.isTrusted || !isShortcut(event) || !isTextSelected()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    begin();
  };
  window.addEventListener('keydown', pressed, { capture: true, signal });
}

/** By the key's place: with Alt and Shift, a Mac types another letter. */
function isShortcut({ code, altKey, shiftKey, ctrlKey, metaKey, repeat }: KeyboardEvent): boolean {
  return code === 'KeyA' && altKey && shiftKey && !ctrlKey && !metaKey && !repeat;
}

function isTextSelected(): boolean {
  return document.getSelection()?.isCollapsed === false;
}
