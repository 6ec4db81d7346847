// Reads of the DOM that a page's markup cannot bend. A form's named fields shadow its own properties
// (`<input name=childNodes>`), a document's named elements too, and both reach isolated worlds. So what a
// form or document may answer for is read through the prototypes, never through the object.

type Owner = () => object;

// Property descriptors are untyped: the two makers below are told by their callers what the platform gives.
// oxlint-disable typescript/no-unnecessary-type-parameters, typescript/unbound-method

function getter<Target extends object, Value>(owner: Owner, name: string) {
  let read: ((this: Target) => Value) | undefined;
  return (target: Target): Value => {
    read ??= Object.getOwnPropertyDescriptor(owner(), name)?.get;
    if (read === undefined) throw new Error(`This browser has no ${name}`);
    return read.call(target);
  };
}

function method<Target extends object, Args extends unknown[], Value>(owner: Owner, name: string) {
  let call: ((this: Target, ...args: Args) => Value) | undefined;
  return (target: Target, ...args: Args): Value => {
    call ??= Object.getOwnPropertyDescriptor(owner(), name)?.value;
    if (call === undefined) throw new Error(`This browser has no ${name}()`);
    return call.apply(target, args);
  };
}

const node: Owner = () => Node.prototype;
const element: Owner = () => Element.prototype;
const documentOwner: Owner = () => Document.prototype;

export const nodeTypeOf = getter<Node, number>(node, 'nodeType');
export const parentNodeOf = getter<Node, Node | null>(node, 'parentNode');
export const childNodesOf = getter<Node, NodeListOf<ChildNode>>(node, 'childNodes');
export const firstChildOf = getter<Node, Node | null>(node, 'firstChild');
export const nextSiblingOf = getter<Node, Node | null>(node, 'nextSibling');
export const textContentOf = getter<Node, string | null>(node, 'textContent');
export const ownerDocumentOf = getter<Node, Document | null>(node, 'ownerDocument');
export const isConnected = getter<Node, boolean>(node, 'isConnected');
export const containsNode = method<Node, [Node | null], boolean>(node, 'contains');
export const rootNodeOf = method<Node, [], Node>(node, 'getRootNode');

export const localNameOf = getter<Element, string>(element, 'localName');
export const namespaceOf = getter<Element, string | null>(element, 'namespaceURI');
export const openShadowOf = getter<Element, ShadowRoot | null>(element, 'shadowRoot');
export const slotOf = getter<Element, HTMLSlotElement | null>(element, 'assignedSlot');
export const textSlotOf = getter<Text, HTMLSlotElement | null>(
  () => Text.prototype,
  'assignedSlot',
);
export const attributeOf = method<Element, [string], string | null>(element, 'getAttribute');
export const hasAttribute = method<Element, [string], boolean>(element, 'hasAttribute');
export const attributeNamesOf = method<Element, [], string[]>(element, 'getAttributeNames');
export const matches = method<Element, [string], boolean>(element, 'matches');
export const closest = method<Element, [string], Element | null>(element, 'closest');
export const selectFirst = method<Element, [string], Element | null>(element, 'querySelector');
export const selectAll = method<Element, [string], NodeListOf<Element>>(
  element,
  'querySelectorAll',
);
export const boxOf = method<Element, [], DOMRect>(element, 'getBoundingClientRect');
export const boxesOf = method<Element, [], DOMRectList>(element, 'getClientRects');
export const isRendered = method<Element, [], boolean>(element, 'checkVisibility');
export const scrollIntoView = method<Element, [ScrollIntoViewOptions], void>(
  element,
  'scrollIntoView',
);

export const formElementsOf = getter<HTMLFormElement, Iterable<Element>>(
  () => HTMLFormElement.prototype,
  'elements',
);

export const rootElementOf = getter<Document, Element | null>(documentOwner, 'documentElement');
export const bodyOf = getter<Document, HTMLElement | null>(documentOwner, 'body');
export const titleOf = getter<Document, string>(documentOwner, 'title');
export const windowOf = getter<Document, (Window & typeof globalThis) | null>(
  documentOwner,
  'defaultView',
);
export const readyStateOf = getter<Document, DocumentReadyState>(documentOwner, 'readyState');
export const activeElementOf = getter<Document, Element | null>(documentOwner, 'activeElement');
export const shadowActiveElementOf = getter<ShadowRoot, Element | null>(
  () => ShadowRoot.prototype,
  'activeElement',
);
export const elementAt = method<Document, [number, number], Element | null>(
  documentOwner,
  'elementFromPoint',
);
export const elementsAt = method<Document, [number, number], Element[]>(
  documentOwner,
  'elementsFromPoint',
);
export const selectAllIn = method<Document, [string], NodeListOf<Element>>(
  documentOwner,
  'querySelectorAll',
);
export const execCommand = method<Document, [string, boolean, string], boolean>(
  documentOwner,
  'execCommand',
);

/** Moves a control's value past any setter that a page's framework laid over the instance. */
export function setNative(target: object, owner: object, name: string, value: unknown): void {
  const set = Object.getOwnPropertyDescriptor(owner, name)?.set;
  if (set === undefined) throw new Error(`This browser cannot set ${name}`);
  set.call(target, value);
}
