// Parsers of what pages, content scripts and the node say to each other.
import * as annotator from '../../../lib/wire/annotator.ts';
import { pageRequestOf, parsePageAnswer } from '../../../lib/wire/page-message.ts';
import { parsePageReply, parsePageRequest } from '../../../lib/wire/page.ts';
import type { Decoder } from '../decoder.ts';
import { textDecoder } from './byte-decoder.ts';
import { jsonDecoder, shapeDecoder } from './json-decoder.ts';

const quote = { type: 'TextQuoteSelector', exact: 'words', prefix: 'a ', suffix: ' b' };
const position = { type: 'TextPositionSelector', start: 3, end: 8 };
const target = { quote, position };
const url = 'https://example.org/a?b=1';
const by = { name: 'Ada', hue: 3, kind: 'agent', onBehalfOf: 'Grace' };
const annotation = {
  id: 'n1',
  spaceId: 's1',
  spaceName: 'Reading',
  target,
  note: 'so',
  by,
  createdAt: 1_700_000_000_000,
  mine: true,
};
const state = { id: 'n1', state: 'uncertain', score: 0.7 };
const page = {
  annotations: [annotation],
  spaces: [{ id: 's1', name: 'Reading' }],
  activeSpaceId: 's1',
  person: { name: 'Ada', hue: 3 },
};
const failure = { code: 'not_found', message: 'Not here.', remedy: 'Look elsewhere.' };

const toNode = [
  { to: 'node', type: 'annotations.open', url },
  {
    to: 'node',
    type: 'annotations.create',
    url,
    spaceId: 's1',
    target,
    note: 'so',
    title: 'A page',
  },
  { to: 'node', type: 'annotations.edit', id: 'n1', spaceId: 's1', url, note: 'so' },
  { to: 'node', type: 'annotations.anchored', url, states: [state] },
];
const toAnnotator = [
  { to: 'annotator', type: 'annotations.set', url, ...page },
  { to: 'annotator', type: 'annotations.show', id: 'n1' },
  { to: 'annotator', type: 'anchor.describe', quote: 'words', prefix: 'a ' },
];
const requests = [
  { op: 'snapshot', view: 'full', root: 'e12', cursor: 'c2' },
  { op: 'find', text: ' words ', role: 'button', limit: 3 },
  { op: 'click', ref: 'e3', button: 'right', count: 2, documentId: 'd1' },
  { op: 'fill', fields: [{ ref: 'e3', value: 'x' }] },
  { op: 'select', ref: 'e4', values: ['one'] },
  { op: 'press', key: 'Enter' },
  { op: 'wait', until: { kind: 'url', contains: '/done' }, deadlineMs: 500 },
];
const acted = { documentId: 'd1', effect: 'dom', diff: '+ x', url, note: 'n' };
const shown = { documentId: 'd1', url, title: 'A page', tokens: 9, hidden: 0, nextCursor: null };
const replies = [
  { op: 'snapshot', ...shown, view: 'outline', text: 'link "x"' },
  {
    op: 'find',
    documentId: 'd1',
    matches: [{ ref: 'e1', line: 'x', context: null, score: 1 }],
    complete: true,
  },
  {
    op: 'read',
    ...shown,
    byline: null,
    words: 3,
    source: 'body',
    markdown: '# A page',
    complete: true,
  },
  { op: 'fill', ...acted, fields: [{ ref: 'e1', ok: false, failure }] },
  { op: 'select', ...acted, selected: ['one'] },
  { op: 'wait', documentId: 'd1', waitedMs: 3, url, line: null },
  { op: 'probe', documentId: 'd1', url, title: 'A page', readyState: 'complete', visible: true },
];

export function pageDecoders(): Decoder[] {
  const answers = [...replies.map((value) => ({ ok: true, value })), { ok: false, failure }];
  return [
    jsonDecoder('parseAnnotatorRequest', toNode, annotator.parseAnnotatorRequest),
    jsonDecoder('parseAnnotatorCommand', toAnnotator, annotator.parseAnnotatorCommand),
    jsonDecoder('parsePageRequest', requests, parsePageRequest),
    jsonDecoder('parsePageReply', replies, parsePageReply),
    jsonDecoder('parsePageAnswer', answers, parsePageAnswer, false),
    jsonDecoder(
      'pageRequestOf',
      requests.map((request) => ({ to: 'page', request })),
      pageRequestOf,
      false,
    ),
    jsonDecoder(
      'parseReply',
      [
        { ok: true, value: page },
        { ok: false, failure },
      ],
      (reply) => annotator.parseReply(annotator.pageAnnotations, reply),
      false,
    ),
    textDecoder('pageAddress', {
      sample: (random) => random.pick([url, `${url}&utm_a=1&x=2#/r`, manyTags(random.int(20_000))]),
      decode: annotator.pageAddress,
      settles: true,
    }),
    ...annotationShapes(),
  ];
}

function annotationShapes(): Decoder[] {
  return [
    shapeDecoder('textQuoteSelector', [quote], annotator.textQuoteSelector),
    shapeDecoder('textPositionSelector', [position], annotator.textPositionSelector),
    shapeDecoder('annotationTarget', [target], annotator.annotationTarget),
    shapeDecoder('pageAnnotation', [annotation], annotator.pageAnnotation),
    shapeDecoder('pageAnnotations', [page], annotator.pageAnnotations),
    shapeDecoder('anchorState', [state], annotator.anchorState),
    shapeDecoder('annotatorRequest', toNode, annotator.annotatorRequest),
    shapeDecoder('annotatorCommand', toAnnotator, annotator.annotatorCommand),
    shapeDecoder('annotationCreated', [{ id: 'n1' }], annotator.annotationCreated),
  ];
}

/** An address with so many campaign tags that taking them off one by one would take for ever. */
function manyTags(count: number): string {
  return `${url}&${Array.from({ length: count }, (_, i) => `utm_${i}=1`).join('&')}`;
}
