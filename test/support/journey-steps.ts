// Steps that journeys share: what a person does in the panel, on the join page and on a web page.
import type { Page } from 'puppeteer-core';
import {
  panelArgs,
  type PanelArgs,
  type PanelCallName,
  type PanelReplies,
} from '../../lib/messaging/panel.ts';
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import { unwrap, type Result } from '../../lib/wire/failure.ts';
import { beginNote, noteHasFocus, pressButton, saveByKey, selectWords } from './annotator-acts.ts';
import type { StagedPerson } from './staged-person.ts';

/** Longest that a journey waits for something to appear: several browsers share the machine, and dialling has back-offs. */
export const SOON = { timeout: 45_000, interval: 100 };

export function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}

/** Asks the node as the panel does, for what a journey is not about. */
export async function ask<N extends PanelCallName>(
  page: Page,
  call: N,
  args: PanelArgs[N],
): Promise<Result<PanelReplies[N]>> {
  panelArgs[call].parse(args);
  const reply: unknown = await page.evaluate(
    (name, given) => chrome.runtime.sendMessage({ to: 'panel', call: name, args: given }),
    call,
    args,
  );
  // The reply of a command is what its type says; the node's own tests prove it.
  return reply as Result<PanelReplies[N]>;
}

/** The snapshot that a panel shows, for one page's address. */
export function stateOf(page: Page, url: string | null = null): Promise<PanelState> {
  return page.evaluate(
    (address) =>
      new Promise<PanelState>((resolve, reject) => {
        const port = chrome.runtime.connect({ name: 'view' });
        port.onMessage.addListener((message: { state?: PanelState; failure?: unknown }) => {
          port.disconnect();
          if (message.state) resolve(message.state);
          else reject(new Error(JSON.stringify(message.failure)));
        });
        const subscribe = { spaceId: null, url: address, tabId: null, annotationLimit: 100 };
        port.postMessage({ subscribe });
      }),
    url,
  );
}

/** Makes a space by hand in a panel that has none yet. */
export async function makeSpace(panel: Page, name: string): Promise<void> {
  const field = await panel.waitForSelector('aria/Name of the space[role="textbox"]');
  await field?.type(name);
  await pressButton(panel, 'Make the space');
  await panel.waitForFunction((title) => document.body.innerText.includes(title), {}, name);
}

/** The invite link of the space that a panel shows. */
export async function inviteFrom(panel: Page): Promise<string> {
  const state = await stateOf(panel);
  const { link } = unwrap(await ask(panel, 'invite', { spaceId: state.activeSpaceId ?? '' }));
  return link;
}

/** Opens an invite link as if it came by mail, and joins on the page that appears. */
export async function joinByLink(person: StagedPerson, link: string): Promise<Page> {
  const page = await person.browser.newPage();
  // The extension takes the navigation over, which the browser reports as aborted.
  await page.goto(link).catch(() => {});
  await pressButton(page, 'Join');
  await page.waitForFunction(() => document.body.innerText.includes('You are in'));
  return page;
}

/** Both people in one new space. The panels stay open. */
export async function shareSpace(
  ada: StagedPerson,
  bob: StagedPerson,
  name: string,
): Promise<{ readonly adas: Page; readonly bobs: Page }> {
  const adas = await ada.panel();
  await makeSpace(adas, name);
  await joinByLink(bob, await inviteFrom(adas));
  return { adas, bobs: await bob.panel() };
}

/** Selects words on a page and writes a note to them, by hand. */
export async function annotate(page: Page, words: string, note: string): Promise<void> {
  await page.bringToFront();
  await selectWords(page, words);
  await beginNote(page);
  await page.keyboard.type(note);
  await saveByKey(page);
}

/** As `annotate`, where the closed shadow root cannot be asked for its button: it stands just below the selection. */
export async function annotateByPlace(page: Page, words: string, note: string): Promise<void> {
  await page.bringToFront();
  await selectWords(page, words);
  await page.waitForSelector('commonplace-annotator');
  const at = await page.evaluate(() => {
    const rect = getSelection()?.getRangeAt(0).getBoundingClientRect();
    return { x: (rect?.left ?? 0) + 40, y: (rect?.bottom ?? 0) + 24 };
  });
  await page.mouse.click(at.x, at.y);
  await noteHasFocus(page);
  await page.keyboard.type(note);
  await saveByKey(page);
}
