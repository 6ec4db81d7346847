// What kind of node this is, told by name and namespace: `instanceof` fails across frames.
import { localNameOf, namespaceOf, nodeTypeOf, attributeOf } from './native.ts';

const HTML = 'http://www.w3.org/1999/xhtml';

export function isElement(node: Node | null): node is Element {
  return node !== null && nodeTypeOf(node) === 1;
}

export function isText(node: Node): node is Text {
  return nodeTypeOf(node) === 3;
}

export function isDocument(node: Node): node is Document {
  return nodeTypeOf(node) === 9;
}

export function isHtml(node: Node | null): node is HTMLElement {
  return isElement(node) && namespaceOf(node) === HTML;
}

function named(node: Node | null, name: string): boolean {
  return isHtml(node) && localNameOf(node) === name;
}

export function isInput(node: Node | null): node is HTMLInputElement {
  return named(node, 'input');
}

export function isTextArea(node: Node | null): node is HTMLTextAreaElement {
  return named(node, 'textarea');
}

export function isSelect(node: Node | null): node is HTMLSelectElement {
  return named(node, 'select');
}

export function isOption(node: Node | null): node is HTMLOptionElement {
  return named(node, 'option');
}

export function isButton(node: Node | null): node is HTMLButtonElement {
  return named(node, 'button');
}

export function isForm(node: Node | null): node is HTMLFormElement {
  return named(node, 'form');
}

export function isLabel(node: Node | null): node is HTMLLabelElement {
  return named(node, 'label');
}

export function isSlot(node: Node | null): node is HTMLSlotElement {
  return named(node, 'slot');
}

export function isDialog(node: Node | null): node is HTMLDialogElement {
  return named(node, 'dialog');
}

export function isLink(node: Node | null): node is HTMLAnchorElement {
  if (!isHtml(node) || attributeOf(node, 'href') === null) return false;
  return named(node, 'a') || named(node, 'area');
}

export function isFrame(node: Node | null): node is HTMLIFrameElement {
  return named(node, 'iframe') || named(node, 'frame');
}

const TEXTLESS_INPUTS = new Set(
  'button checkbox color file hidden image radio range reset submit'.split(' '),
);

/** An input whose value a person types or picks as text, dates and numbers included. */
export function isTypedInput(node: Node | null): node is HTMLInputElement {
  return isInput(node) && !TEXTLESS_INPUTS.has(node.type);
}

export function isEditable(node: Node | null): node is HTMLElement {
  return isHtml(node) && !isForm(node) && node.isContentEditable;
}
