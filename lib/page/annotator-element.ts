// Builds the few elements of the in-page UI. Text goes in as text only; handlers run for a person's own events only.

/** The name of the element that holds our UI in a page. Anchoring and agents pass it by. */
export const ANNOTATOR_ELEMENT = 'commonplace-annotator';

type Child = Node | string | null;

interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly dir?: 'auto';
  readonly role?: string;
  readonly label?: string;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (properties.class !== undefined) element.className = properties.class;
  if (properties.title !== undefined) element.title = properties.title;
  if (properties.dir !== undefined) element.dir = properties.dir;
  if (properties.role !== undefined) element.setAttribute('role', properties.role);
  if (properties.label !== undefined) element.setAttribute('aria-label', properties.label);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that a script of the page cannot press: events that no person made are ignored. */
export function button(
  className: string,
  text: string,
  press: () => void,
  title?: string,
): HTMLButtonElement {
  const element = el(
    'button',
    title === undefined ? { class: className } : { class: className, title },
    text,
  );
  element.type = 'button';
  element.addEventListener('click', (event) => {
    if (event.isTrusted) press();
  });
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 16 px picture of one path. It says nothing to a screen reader: text beside it does. */
export function icon(path: string, className: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

/** People are round, agents are hexagons. */
export const PERSON_SHAPE = 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z';
export const AGENT_SHAPE = 'M8 1.5l5.63 3.25v6.5L8 14.5l-5.63-3.25v-6.5z';
export const PEN_SHAPE = 'M2 14h12M4.5 11.5l.6-2.6 6-6 2 2-6 6z';
