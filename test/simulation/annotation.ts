// An annotation as a person makes one.
import type { AddAnnotation } from '../../lib/space/documents/page.ts';

export function annotation(id: string, note: string, at: number): AddAnnotation {
  return {
    id,
    url: 'https://example.org/',
    title: 'A page',
    target: {
      quote: { type: 'TextQuoteSelector', exact: 'words', prefix: 'some ', suffix: ' here' },
      position: { type: 'TextPositionSelector', start: 5, end: 10 },
    },
    note,
    agent: null,
    at,
  };
}
