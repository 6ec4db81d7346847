// The web pages open in this browser: keeps what they draw in step with the spaces, and hears how marks stand on them.
import { z } from 'zod';
import {
  pageAddress,
  parseReply,
  type AnchorState,
  type PageAnnotations as Drawn,
} from '../wire/annotator.ts';
import { fail, type Result } from '../wire/failure.ts';

export interface PageTab {
  readonly id: number;
  readonly url: string;
  readonly title: string;
}

/** The edge to the browser's tabs. */
export interface PageTabs {
  list(): Promise<readonly PageTab[]>;
  /** Resolves with the reply, or undefined when nobody in the tab listens. */
  send(tabId: number, message: unknown): Promise<unknown>;
}

export class OpenPages {
  readonly #tabs: PageTabs;
  readonly #draw: (url: string) => Promise<Drawn>;
  /** How annotations stand, as the pages last said, by address and id. Lost with the worker; pages say it again. */
  readonly #states = new Map<string, Map<string, AnchorState>>();

  constructor(tabs: PageTabs, draw: (url: string) => Promise<Drawn>) {
    this.#tabs = tabs;
    this.#draw = draw;
  }

  heard(url: string, states: readonly AnchorState[]): void {
    this.#states.set(url, new Map(states.map((state) => [state.id, state])));
  }

  stateOf(url: string, annotationId: string): AnchorState['state'] | 'unknown' {
    return this.#states.get(url)?.get(annotationId)?.state ?? 'unknown';
  }

  /** Scrolls a tab to an annotation. Failures: what the page says, `not_found` when nobody in it listens. */
  async show(tabId: number, id: string): Promise<Result<null>> {
    const reply = await this.#tabs.send(tabId, { to: 'annotator', type: 'annotations.show', id });
    if (reply !== undefined) return parseReply(z.null(), reply);
    return fail('not_found', 'That page is not open any more.', 'Open the page, then try again.');
  }

  /** The title of a page as its tab shows it, or null when that tab is elsewhere by now. */
  async titleOf(tabId: number | null, address: string): Promise<string | null> {
    const tab = (await this.#tabs.list()).find(({ id }) => id === tabId);
    return tab !== undefined && pageAddress(tab.url) === address ? tab.title : null;
  }

  /** Begins an annotation of what is selected in a tab, as the keyboard shortcut asks. */
  async begin(tabId: number): Promise<void> {
    await this.#tabs.send(tabId, { to: 'annotator', type: 'annotations.begin' });
  }

  /** Sends the current set to every tab that shows one of these addresses, or to all tabs. */
  async redraw(urls: ReadonlySet<string> | 'all'): Promise<void> {
    const tabs = await this.#tabs.list();
    await Promise.all(
      tabs.map(async ({ id, url }) => {
        const address = pageAddress(url);
        if (address === null || (urls !== 'all' && !urls.has(address))) return;
        const drawn = await this.#draw(address);
        const message = { to: 'annotator', type: 'annotations.set', url: address, ...drawn };
        await this.#tabs.send(id, message);
      }),
    );
  }
}
