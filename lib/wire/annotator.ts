// What a page's content script and the node say to each other about annotations: W3C Web Annotation
// selectors, an annotation as a page draws it, and the messages both ways. Each end parses what it gets.
import { z } from 'zod';
import type { Result } from './failure.ts';
import { FAILURE_CODES, fail } from './failure.ts';
import { checkShape } from './shape.ts';

export const MAX_QUOTE_CHARS = 1_000;
export const MAX_CONTEXT_CHARS = 64;
export const MAX_NOTE_CHARS = 10_000;
export const MAX_ANNOTATIONS = 2_000;
/** A person has one of these, 0 to 7; `lib/page/palette.ts` gives each its colour. */
export const HUE_COUNT = 8;
const MAX_ADDRESS_CHARS = 2_048;
const MAX_NAME_CHARS = 200;
const MAX_ID_CHARS = 256;
const MAX_SPACES = 500;
const MAX_FAILURE_CHARS = 2_000;

const id = z.string().min(1).max(MAX_ID_CHARS);
const name = z.string().min(1).max(MAX_NAME_CHARS);
const note = z.string().max(MAX_NOTE_CHARS);
const hue = z
  .number()
  .int()
  .min(0)
  .max(HUE_COUNT - 1);
const offset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Always as `pageAddress` spells it. */
const url = z
  .string()
  .max(MAX_ADDRESS_CHARS)
  .refine((text) => pageAddress(text) === text, 'expected a page address as pageAddress spells it');

/** W3C Web Annotation Data Model, section 4.2.4. Runs of white space are one space, in all three. */
export const textQuoteSelector = z.strictObject({
  type: z.literal('TextQuoteSelector'),
  exact: z.string().min(1).max(MAX_QUOTE_CHARS),
  prefix: z.string().max(MAX_CONTEXT_CHARS),
  suffix: z.string().max(MAX_CONTEXT_CHARS),
});
export type TextQuoteSelector = z.infer<typeof textQuoteSelector>;

/** Section 4.2.5; offsets count UTF-16 code units of the page's text with white space collapsed. A hint. */
export const textPositionSelector = z
  .strictObject({ type: z.literal('TextPositionSelector'), start: offset, end: offset })
  .refine((position) => position.start <= position.end, 'expected start ≤ end');
export type TextPositionSelector = z.infer<typeof textPositionSelector>;

export const annotationTarget = z.strictObject({
  quote: textQuoteSelector,
  position: textPositionSelector,
});
export type AnnotationTarget = z.infer<typeof annotationTarget>;

export const pageAnnotation = z.strictObject({
  id,
  spaceId: id,
  spaceName: name,
  target: annotationTarget,
  note,
  by: z.strictObject({
    name,
    hue,
    kind: z.enum(['person', 'agent']),
    onBehalfOf: name.optional(),
  }),
  /** Milliseconds since 1970. */
  createdAt: z.number().int().min(0).max(8.64e15),
  /** Known only here so far. */
  tentative: z.boolean().optional(),
  /** Made by this person or an agent of theirs, so they may edit and remove it. */
  mine: z.boolean(),
});
export type PageAnnotation = z.infer<typeof pageAnnotation>;

const pageState = {
  annotations: z.array(pageAnnotation).max(MAX_ANNOTATIONS),
  spaces: z.array(z.strictObject({ id, name })).max(MAX_SPACES),
  /** Where a new annotation goes unless the person chooses otherwise. */
  activeSpaceId: id.nullable(),
  person: z.strictObject({ name, hue }).nullable(),
};

/** The reply to `annotations.open`, and what `annotations.set` carries: everything a page draws. */
export const pageAnnotations = z.strictObject(pageState);
export type PageAnnotations = z.infer<typeof pageAnnotations>;

export const anchorState = z.strictObject({
  id,
  state: z.enum(['anchored', 'uncertain', 'orphan']),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
});
export type AnchorState = z.infer<typeof anchorState>;

const toNode = { to: z.literal('node') };
const toAnnotator = { to: z.literal('annotator') };

/** Content script to node. Replies: `open` Result<PageAnnotations>, `create` Result<{id}>, the others Result<null>. */
export const annotatorRequest = z.discriminatedUnion('type', [
  z.strictObject({ ...toNode, type: z.literal('annotations.open'), url }),
  z.strictObject({
    ...toNode,
    type: z.literal('annotations.create'),
    url,
    spaceId: id,
    target: annotationTarget,
    note,
    title: z.string().max(300),
  }),
  z.strictObject({ ...toNode, type: z.literal('annotations.edit'), id, spaceId: id, url, note }),
  z.strictObject({ ...toNode, type: z.literal('annotations.remove'), id, spaceId: id, url }),
  z.strictObject({
    ...toNode,
    type: z.literal('annotations.anchored'),
    url,
    states: z.array(anchorState).max(MAX_ANNOTATIONS),
  }),
  z.strictObject({ ...toNode, type: z.literal('panel.open') }),
]);
export type AnnotatorRequest = z.infer<typeof annotatorRequest>;

/** Node to content script. Replies: `show` Result<null>, `anchor.describe` Result<AnnotationTarget>, else none. */
export const annotatorCommand = z.discriminatedUnion('type', [
  z.strictObject({ ...toAnnotator, type: z.literal('annotations.set'), url, ...pageState }),
  z.strictObject({ ...toAnnotator, type: z.literal('annotations.begin') }),
  z.strictObject({ ...toAnnotator, type: z.literal('annotations.show'), id }),
  z.strictObject({
    ...toAnnotator,
    type: z.literal('anchor.describe'),
    /** As an agent read it; white space does not count, small slips are forgiven. */
    quote: z.string().min(1).max(MAX_QUOTE_CHARS),
    /** Text right before or after, to tell equal passages apart. */
    prefix: z.string().max(MAX_CONTEXT_CHARS).optional(),
    suffix: z.string().max(MAX_CONTEXT_CHARS).optional(),
  }),
]);
export type AnnotatorCommand = z.infer<typeof annotatorCommand>;

export const annotationCreated = z.strictObject({ id });

/** Null for a message that is not for the node about annotations, or not well formed. */
export function parseAnnotatorRequest(message: unknown): AnnotatorRequest | null {
  return checkShape(annotatorRequest, message).data ?? null;
}

export function parseAnnotatorCommand(message: unknown): AnnotatorCommand | null {
  return checkShape(annotatorCommand, message).data ?? null;
}

const failure = z.strictObject({
  code: z.enum(FAILURE_CODES),
  message: z.string().max(MAX_FAILURE_CHARS),
  remedy: z.string().max(MAX_FAILURE_CHARS),
});

/** A reply as a Result whose value `value` parses; a reply of any other shape is the Failure `malformed`. */
export function parseReply<T>(value: z.ZodType<T>, reply: unknown): Result<T> {
  const result = z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({ ok: z.literal(false), failure }),
  ]);
  const parsed = checkShape(result, reply);
  if (parsed.success) return parsed.data;
  return fail(
    'malformed',
    'Commonplace gave an answer that this page could not read.',
    'Reload the page; if it happens again, update the extension.',
  );
}

const TRACKING = /^(?:utm_\w+|gclid|fbclid|mc_[ce]id)$/;

/**
 * What makes two tabs "the same page": the address without its fragment and without campaign tags, so that
 * a link sent with them still meets. Fragments that are routes (`#/…`, `#!…`) stay. Null for what is not
 * http, https or file, or is longer than 2,048 characters.
 */
export function pageAddress(href: string): string | null {
  const parsed = URL.parse(href);
  if (parsed === null || !['http:', 'https:', 'file:'].includes(parsed.protocol)) return null;
  if (!/^#[!/]/.test(parsed.hash)) parsed.hash = '';
  dropTags(parsed);
  parsed.username = '';
  parsed.password = '';
  const address = parsed.href;
  return address.length <= MAX_ADDRESS_CHARS ? address : null;
}

/** All at once: taken off one by one, each would have the whole address written anew. Other queries stay as spelled. */
function dropTags(address: URL): void {
  const kept = new URLSearchParams();
  let dropped = 0;
  // Firefox gives content scripts no iterators over these, only forEach.
  address.searchParams.forEach((value, key) => {
    if (TRACKING.test(key)) dropped += 1;
    else kept.append(key, value);
  });
  if (dropped > 0) address.search = kept.toString();
}
