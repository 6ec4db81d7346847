// When a mark came to be on a page, told inside that page.
import type { Page } from 'puppeteer-core';

/** Resolves with the time of the first frame in which this quote is marked, in milliseconds since 1970. */
export function markedAtMs(page: Page, quote: string): Promise<number> {
  return page.evaluate(
    (sought) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const marked = [...CSS.highlights].flatMap(([name, ranges]) =>
            name.startsWith('commonplace-person') ? [...ranges] : [],
          );
          const isThere = marked.some(
            (range) => range instanceof Range && range.toString() === sought,
          );
          if (isThere) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    quote,
  );
}
