// The extension's real content script, started the way WXT starts it, for a test extension without the rest.
import content from '../../entrypoints/content.ts';

void Reflect.apply(content.main, content, []);
