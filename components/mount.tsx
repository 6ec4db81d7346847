// Puts a page's root component into its document.
import { render } from 'preact';
import type { ComponentChild } from 'preact';

export function mount(page: ComponentChild): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('expected an element #root in the page');
  render(page, root);
}
