// A page's annotator as the node knows it: the bench speaks from the content script's own world, with the message that
// saving a note sends, so that the times are those of the machine and not of simulated typing.
import type { CDPSession, Page } from 'puppeteer-core';
import { z } from 'zod';
import { annotatorRequest, pageAddress } from '../../lib/wire/annotator.ts';

export interface Annotator {
  /** Annotates a quote that is on the page once. When it was asked and when it was saved, in milliseconds since 1970. */
  annotate(spaceId: string, quote: string, note: string): Promise<Saved>;
}

const saved = z.object({
  askedAt: z.number(),
  savedAt: z.number(),
  reply: z.object({ ok: z.literal(true) }),
});

export type Saved = Pick<z.infer<typeof saved>, 'askedAt' | 'savedAt'>;

export async function annotatorIn(page: Page, extensionId: string): Promise<Annotator> {
  const cdp = await page.createCDPSession();
  const contextId = await worldOf(cdp, extensionId);
  const [url, text] = [pageAddress(page.url()) ?? '', await textOf(page)];
  return {
    async annotate(spaceId, quote, note) {
      const message = annotatorRequest.parse({
        to: 'node',
        type: 'annotations.create',
        url,
        spaceId,
        target: targetOf(text, quote),
        note,
        title: 'Lines',
      });
      const { result } = await cdp.send('Runtime.evaluate', {
        contextId,
        awaitPromise: true,
        returnByValue: true,
        expression: `(async () => {
          const askedAt = Date.now();
          const reply = await chrome.runtime.sendMessage(${JSON.stringify(message)});
          return { askedAt, savedAt: Date.now(), reply };
        })()`,
      });
      return saved.parse(result.value);
    },
  };
}

/** The execution context of the extension's content script. */
async function worldOf(cdp: CDPSession, extensionId: string): Promise<number> {
  const found = new Promise<number>((resolve) => {
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.origin === `chrome-extension://${extensionId}`) resolve(context.id);
    });
  });
  await cdp.send('Runtime.enable');
  return found;
}

async function textOf(page: Page): Promise<string> {
  const text = await page.evaluate(() => document.body.textContent ?? '');
  return text.replaceAll(/\s+/g, ' ').trim();
}

function targetOf(text: string, exact: string) {
  const start = text.indexOf(exact);
  const end = start + exact.length;
  return {
    quote: {
      type: 'TextQuoteSelector',
      exact,
      prefix: text.slice(Math.max(0, start - 32), start),
      suffix: text.slice(end, end + 32),
    },
    position: { type: 'TextPositionSelector', start, end },
  };
}
