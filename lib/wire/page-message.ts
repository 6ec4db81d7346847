// The envelope in which the node asks a content script for page work, and the answer: a Result whose
// value is a PageReply. The request itself is parsed by `parsePageRequest`.
import { z } from 'zod';
import { FAILURE_CODES, fail, type Result } from './failure.ts';
import { parsePageReply, type PageReply, type PageRequestInput } from './page.ts';
import { checkShape } from './shape.ts';

export interface PageMessage {
  readonly to: 'page';
  readonly request: PageRequestInput;
}

const pageMessage = z.strictObject({ to: z.literal('page'), request: z.unknown() });

/** The request inside, still to be parsed; null for a message that is not for the page engine. */
export function pageRequestOf(message: unknown): { readonly request: unknown } | null {
  return checkShape(pageMessage, message).data ?? null;
}

const text = z.string().max(2_000);
const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    failure: z.object({ code: z.enum(FAILURE_CODES), message: text, remedy: text }),
  }),
]);

/** What came back from a page process, which is not trusted with shapes. Failure: `malformed`, or the page's own. */
export function parsePageAnswer(value: unknown): Result<PageReply> {
  const parsed = checkShape(answer, value);
  if (!parsed.success) {
    return fail(
      'malformed',
      'The page gave an answer that Commonplace could not read.',
      'Reload the page with page_navigate and try again.',
    );
  }
  return parsed.data.ok ? parsePageReply(parsed.data.value) : parsed.data;
}
