// The main content of a page: the one door to Readability. It is given a clean copy and may tear it apart.
import { Readability } from '@mozilla/readability';

export interface Article {
  readonly content: HTMLElement;
  readonly title: string | null;
  readonly byline: string | null;
  /** Whether an article was told apart; else the whole body is given. */
  readonly source: 'article' | 'body';
}

const MAX_ELEMENTS = 30_000;
/** An article of fewer words, or of a smaller share of the page, is more likely a mistake. */
const LEAST_WORDS = 50;
const LEAST_SHARE = 0.3;

export function articleOf(copy: Document): Article {
  const whole = copy.body;
  const kept = whole.cloneNode(true);
  const parsed = parse(copy);
  const content = parsed?.content ?? null;
  if (content instanceof HTMLElement && isMost(content, kept)) {
    return {
      content,
      title: parsed?.title ?? null,
      byline: parsed?.byline ?? null,
      source: 'article',
    };
  }
  const body = kept instanceof HTMLElement ? kept : whole;
  return { content: body, title: null, byline: parsed?.byline ?? null, source: 'body' };
}

function parse(copy: Document): ReturnType<Readability<Node>['parse']> {
  try {
    return new Readability<Node>(copy, {
      disableJSONLD: true,
      maxElemsToParse: MAX_ELEMENTS,
      serializer: (node) => node,
    }).parse();
  } catch {
    // Too many elements, or a tree that it cannot make sense of.
    return null;
  }
}

function isMost(content: Node, whole: Node): boolean {
  const words = countWords(content.textContent ?? '');
  return words >= LEAST_WORDS && words >= LEAST_SHARE * countWords(whole.textContent ?? '');
}

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:['’\-.][\p{L}\p{N}]+)*/gu)?.length ?? 0;
}
