// The page as a text to read: its article if it has one, in Markdown, in parts that fit.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import { printable } from '../../wire/printable.ts';
import { titleOf } from '../dom/native.ts';
import { withoutTreachery } from '../quote.ts';
import { look, type Run } from '../run.ts';
import { estimateTokens } from '../tokens.ts';
import { articleOf, countWords } from './article.ts';
import { cleanCopy } from './clean-copy.ts';
import { toMarkdown } from './markdown.ts';
import { endOfPart, type ReadPlace } from './pages.ts';

type Reply = PageReplyOf<'read'>;

/** The share of its time that copying may take; telling the article and writing it down need the rest. */
const COPYING_SHARE = 0.5;

export function read(request: PageRequestOf<'read'>, run: Run): Result<Reply> {
  if (request.cursor === undefined) return ok(part(compose(run), request.maxTokens, run));
  const place = run.page.readCursors.get(request.cursor);
  if (place !== null) return ok(part(place, request.maxTokens, run));
  return fail(
    'stale_ref',
    `There is nothing to go on reading under the cursor ${request.cursor}: it is too old or of another page.`,
    'Read the page from the start.',
  );
}

function compose(run: Run): ReadPlace {
  const { sight } = look(run.page);
  const { top } = sight.tree;
  const { secrets } = sight;
  const startedAt = performance.now();
  const copyUntil = startedAt + (run.deadlineAt - startedAt) * COPYING_SHARE;
  const copy = cleanCopy(sight, () => performance.now() > copyUntil);
  const article = articleOf(copy.document);
  const markdown = withoutTreachery(secrets.mask(toMarkdown(article.content)));
  const said = (text: string | null): string => printable(secrets.mask(text ?? ''), 300);
  return {
    markdown,
    from: 0,
    facts: {
      op: 'read',
      documentId: run.page.refs.documentId,
      url: top.URL.slice(0, 2_000),
      title: said(article.title) || said(titleOf(top)),
      byline: said(article.byline) || null,
      words: countWords(markdown),
      source: article.source,
      hidden: copy.hidden,
      complete: copy.complete,
    },
  };
}

function part(place: ReadPlace, maxTokens: number, run: Run): Reply {
  const { facts, markdown, from } = place;
  const end = endOfPart(markdown, from, maxTokens);
  const text = markdown.slice(from, end);
  const nextCursor =
    end >= markdown.length ? null : run.page.readCursors.put({ ...place, from: end });
  return { ...facts, markdown: text, tokens: estimateTokens(text), nextCursor };
}
