// What the background asks of the page engine in a content script, and what it answers. JSON only.
//
// The background keeps an outer deadline of its own, because a page that navigates takes its engine with
// it: an act replies `nav` early when it hears the page leave, but a lost channel after an act means the
// same, and the background then waits for webNavigation and asks the new document's engine to `probe`.
// A native dialog (alert, confirm) holds the page still, so only the outer deadline notices that one.
// Refs count from 1 in every document: send `documentId` along with refs, or an old ref may name a new element.
import { z } from 'zod';
import { fail, ok, type Result } from './failure.ts';
import { checkShape } from './shape.ts';

export const PAGE_LIMITS = {
  defaultTokens: 4_000,
  minTokens: 200,
  maxTokens: 10_000,
  maxFields: 60,
  maxFieldChars: 100_000,
  maxQueryChars: 300,
  maxFound: 50,
  minDeadlineMs: 50,
  maxDeadlineMs: 120_000,
  defaultDeadlineMs: 10_000,
} as const;

/** Views of a snapshot: what can be acted on, the skeleton, or every visible word. */
export const SNAPSHOT_VIEWS = ['interactive', 'outline', 'full'] as const;
export type SnapshotView = (typeof SNAPSHOT_VIEWS)[number];

const ref = z.string().regex(/^e[1-9]\d{0,8}$/, 'a ref from a snapshot, such as "e12"');
const cursor = z.string().regex(/^[a-z][1-9]\d{0,8}$/, 'a cursor from an earlier answer');
const query = z.string().trim().min(1).max(PAGE_LIMITS.maxQueryChars);
const maxTokens = z
  .int()
  .min(PAGE_LIMITS.minTokens)
  .max(PAGE_LIMITS.maxTokens)
  .default(PAGE_LIMITS.defaultTokens);

const common = {
  deadlineMs: z
    .int()
    .min(PAGE_LIMITS.minDeadlineMs)
    .max(PAGE_LIMITS.maxDeadlineMs)
    .default(PAGE_LIMITS.defaultDeadlineMs),
  documentId: z.string().max(64).optional(),
};

const fieldValue = z.union([z.string().max(PAGE_LIMITS.maxFieldChars), z.boolean(), z.number()]);

const pageRequest = z.discriminatedUnion('op', [
  z.strictObject({
    ...common,
    op: z.literal('snapshot'),
    view: z.enum(SNAPSHOT_VIEWS).default('interactive'),
    root: ref.optional(),
    maxTokens,
    cursor: cursor.optional(),
  }),
  z
    .strictObject({
      ...common,
      op: z.literal('find'),
      text: query.optional(),
      role: query.optional(),
      name: query.optional(),
      limit: z.int().min(1).max(PAGE_LIMITS.maxFound).default(10),
    })
    .refine((request) => request.text ?? request.role ?? request.name, {
      message: 'at least one of text, role and name',
    }),
  z.strictObject({
    ...common,
    op: z.literal('read'),
    maxTokens,
    cursor: cursor.optional(),
  }),
  z.strictObject({
    ...common,
    op: z.literal('click'),
    ref,
    button: z.enum(['left', 'middle', 'right']).default('left'),
    count: z.int().min(1).max(2).default(1),
  }),
  z.strictObject({
    ...common,
    op: z.literal('fill'),
    fields: z
      .array(z.strictObject({ ref, value: fieldValue }))
      .min(1)
      .max(PAGE_LIMITS.maxFields),
  }),
  z.strictObject({
    ...common,
    op: z.literal('select'),
    ref,
    values: z.array(z.string().max(1_000)).min(1).max(100),
  }),
  z.strictObject({
    ...common,
    op: z.literal('press'),
    key: z.string().min(1).max(60),
    ref: ref.optional(),
  }),
  z.strictObject({
    ...common,
    op: z.literal('wait'),
    until: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('text'), text: query }),
      z.strictObject({ kind: z.literal('text_gone'), text: query }),
      z.strictObject({ kind: z.literal('ref_gone'), ref }),
      /** Without `contains`: any address other than the one at the start of the wait. */
      z.strictObject({ kind: z.literal('url'), contains: query.optional() }),
      z.strictObject({ kind: z.literal('settle') }),
    ]),
  }),
  z.strictObject({ ...common, op: z.literal('probe') }),
]);

export type PageRequest = z.output<typeof pageRequest>;
/** A request as it may be written: what has a default may be left out. */
export type PageRequestInput = z.input<typeof pageRequest>;
export type PageRequestOf<Op extends PageRequest['op']> = Extract<PageRequest, { op: Op }>;

/** A request with its defaults filled in, or `bad_arguments` that says what was expected where. */
export function parsePageRequest(value: unknown): Result<PageRequest> {
  const parsed = checkShape(pageRequest, value);
  return parsed.success ? ok(parsed.data) : refuse(parsed.error, 'request');
}

/** A fault may quote what was sent: names of properties, however many and long. */
const MAX_FAULT_CHARS = 150;

function refuse(error: z.ZodError, what: string): Result<never> {
  const faults = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || what}: ${issue.message}`.slice(0, MAX_FAULT_CHARS));
  return fail(
    'bad_arguments',
    `The page ${what} is not as expected: ${faults.join('; ')}.`,
    'Correct what is named and send it again; nothing was done.',
  );
}

// Replies. The sizes are generous: they bound what a broken page process could send, nothing more.

const pageText = z.string().max(200_000);
const label = z.string().max(10_000);
const count = z.int().min(0);
const maybeCursor = cursor.nullable();

/** What an act was seen to do. `popup` and `download`: see `url`. */
export const ACT_EFFECTS = ['none', 'dom', 'nav', 'dialog', 'popup', 'download'] as const;
export type ActEffect = (typeof ACT_EFFECTS)[number];

const failure = z.object({ code: z.string(), message: label, remedy: label });

const act = {
  documentId: z.string(),
  effect: z.enum(ACT_EFFECTS),
  /** What changed, one snapshot line each after "+ ", "- " or "~ "; empty when nothing was seen to. */
  diff: z.string().max(20_000),
  /** Where it leads for `nav` and `download`. For `popup`: the page wants this in a new tab; nothing was opened, the background may. */
  url: label.optional(),
  /** What a person should know about how it was done, such as a key whose browser action cannot be had. */
  note: label.optional(),
};

const pageReply = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('snapshot'),
    documentId: z.string(),
    url: label,
    title: label,
    view: z.enum(SNAPSHOT_VIEWS),
    /** One line a node. Page strings are single JSON tokens; everything outside quotes is ours. */
    text: pageText,
    tokens: count,
    /** Hidden parts with content that were left out of this answer. */
    hidden: count,
    nextCursor: maybeCursor,
  }),
  z.object({
    op: z.literal('find'),
    documentId: z.string(),
    matches: z.array(
      z.object({ ref, line: label, context: label.nullable(), score: z.number().min(0).max(1) }),
    ),
    /** False when the search stopped early (time, size) and more may match. */
    complete: z.boolean(),
  }),
  z.object({
    op: z.literal('read'),
    documentId: z.string(),
    url: label,
    title: label,
    byline: label.nullable(),
    words: count,
    source: z.enum(['article', 'body']),
    markdown: pageText,
    tokens: count,
    hidden: count,
    /** False when the page was too large to be read whole. */
    complete: z.boolean(),
    nextCursor: maybeCursor,
  }),
  z.object({ op: z.literal('click'), ...act }),
  z.object({
    op: z.literal('fill'),
    ...act,
    fields: z.array(
      z.discriminatedUnion('ok', [
        z.object({ ref, ok: z.literal(true) }),
        z.object({ ref, ok: z.literal(false), failure }),
      ]),
    ),
  }),
  z.object({ op: z.literal('select'), ...act, selected: z.array(label) }),
  z.object({ op: z.literal('press'), ...act }),
  z.object({
    op: z.literal('wait'),
    documentId: z.string(),
    waitedMs: count,
    url: label,
    /** The line in which the awaited text stands, for `text`. */
    line: label.nullable(),
  }),
  z.object({
    op: z.literal('probe'),
    documentId: z.string(),
    url: label,
    title: label,
    readyState: z.enum(['loading', 'interactive', 'complete']),
    visible: z.boolean(),
  }),
]);

export type PageReply = z.output<typeof pageReply>;
export type PageReplyOf<Op extends PageReply['op']> = Extract<PageReply, { op: Op }>;
/** What click, fill, select and press have in common. */
export type ActOutcome = Pick<
  PageReplyOf<'click'>,
  'documentId' | 'effect' | 'diff' | 'url' | 'note'
>;

/** An engine's answer as the background takes it in: page processes are not trusted with shapes. */
export function parsePageReply(value: unknown): Result<PageReply> {
  const parsed = checkShape(pageReply, value);
  return parsed.success ? ok(parsed.data) : refuse(parsed.error, 'reply');
}
