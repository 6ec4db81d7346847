// The same content script in a browser without the CSS Custom Highlight API, as far as it can tell.
import content from '../../entrypoints/content.ts';

Object.defineProperty(globalThis, 'Highlight', { value: undefined });
void Reflect.apply(content.main, content, []);
