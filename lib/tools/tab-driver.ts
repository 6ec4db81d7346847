// The edge to the browser's tabs, by the browser's own tab ids. It knows nothing of agents, grants or handles.
import type { AnnotationTarget } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import type { PageReply, PageRequestInput } from '../wire/page.ts';

export interface TabFacts {
  readonly id: number;
  /** Address of the document in it now; empty while there is none yet. */
  readonly url: string;
  readonly title: string;
}

/** The error of a load that was cut off: the address gave no page (a download, nothing), the tab stayed. */
export const ABORTED = 'aborted';

/** Where a tab is after it was sent somewhere. */
export interface Landing extends TabFacts {
  /** `loading`: the deadline came first. `failed`: the browser shows an error instead of the page. */
  readonly state: 'complete' | 'loading' | 'failed';
  /** `ABORTED`, or the browser's name for a failed load, such as net::ERR_CONNECTION_REFUSED. */
  readonly error: string | null;
  /** HTTP status of the document, where the browser tells. */
  readonly status: number | null;
}

export interface Answered {
  readonly reply: PageReply;
  /** Address of the document that was asked, as the browser (not the page) told it. */
  readonly url: string;
}

export interface QuoteAsk {
  readonly quote: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

export interface Described {
  readonly target: AnnotationTarget;
  readonly url: string;
  readonly title: string;
}

/** Asked with the address of the very document that a message is about to reach. */
export type Guard = (url: string) => Result<null>;

export type Destination =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'back' | 'forward' | 'reload' };

/** Every method fails with `not_found` for a tab that is gone, `cancelled` when the signal aborts. */
export interface TabDriver {
  /** Opens a tab that does not take the focus, and waits for it to load within a deadline. */
  open(url: string, signal: AbortSignal): Promise<Result<Landing>>;
  navigate(id: number, to: Destination, signal: AbortSignal): Promise<Result<Landing>>;
  close(id: number): Promise<Result<null>>;
  facts(id: number): Promise<Result<TabFacts>>;
  /** How many tabs there are in all. */
  count(): Promise<number>;
  /** Sets the one listener for a tab that comes back under another id, as one that was put to sleep may. */
  onReplaced(listener: (oldId: number, newId: number) => void): void;
  /**
   * Asks the page engine of the document in the tab. An act whose answer was lost because the page left comes
   * back with effect `nav` and the new address. Failures besides: the guard's, the page's, `timeout`, `unavailable`.
   */
  send(
    id: number,
    request: PageRequestInput,
    guard: Guard,
    signal: AbortSignal,
  ): Promise<Result<Answered>>;
  /** Selectors for a quote in that page. */
  describe(
    id: number,
    ask: QuoteAsk,
    guard: Guard,
    signal: AbortSignal,
  ): Promise<Result<Described>>;
}
