// Looking at a page as its user does: by the words on it and by the tab key.
import type { Page } from 'puppeteer-core';

export async function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}

export async function waitForText(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.body.innerText.includes(wanted),
    { timeout: 30_000 },
    text,
  );
}

/** Presses the first button whose name begins with these words, once it is there and may be pressed. */
export async function press(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];
      const button = buttons.find((one) =>
        (one.getAttribute('aria-label') ?? one.innerText).trim().startsWith(wanted),
      );
      // By its own click, since a bar that stays in place may lie over where the button has scrolled to.
      button?.click();
      return button !== undefined;
    },
    { timeout: 30_000 },
    name,
  );
}

/** What stands in the field with this label, once it is there. */
export async function fieldValue(page: Page, label: string): Promise<string> {
  const field = await page.waitForSelector(`::-p-aria([name="${label}"][role="textbox"])`);
  return (await field?.evaluate((one) => (one instanceof HTMLInputElement ? one.value : ''))) ?? '';
}

export interface TabStops {
  /** Controls without an accessible name, as markup. */
  readonly nameless: readonly string[];
  /** Controls that the tab key never came to, as markup. */
  readonly unreached: readonly string[];
}

/** Goes round the page with the tab key. One radio button of a group is enough. */
export async function tabStops(page: Page): Promise<TabStops> {
  const count = await page.evaluate(() => {
    // What is folded away can be unfolded by the same key, and is a stop then.
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    const kinds = 'button, input, select, textarea, summary, a[href]';
    const controls = document.querySelectorAll<HTMLElement>(kinds);
    let number = 0;
    for (const control of controls) {
      if (control.matches(':disabled, [type=radio]:not(:checked)')) continue;
      control.dataset['stop'] = String(number++);
    }
    return number;
  });
  for (let i = 0; i <= count; i++) {
    await page.keyboard.press('Tab');
    await page.evaluate(() => document.activeElement?.setAttribute('data-reached', ''));
  }
  const unreached = await page.$$eval('[data-stop]:not([data-reached])', (found) =>
    found.map((one) => one.outerHTML.slice(0, 120)),
  );
  const nameless: string[] = [];
  const tree = await page.accessibility.snapshot();
  const walk = (node: typeof tree): void => {
    const isControl = ['button', 'textbox', 'checkbox', 'radio', 'link'].includes(node?.role ?? '');
    if (isControl && !node?.name?.trim()) nameless.push(JSON.stringify(node));
    for (const child of node?.children ?? []) walk(child);
  };
  walk(tree);
  return { nameless, unreached };
}
