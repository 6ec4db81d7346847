// Writes authority down: into the log first, then into the book, so that the book never knows more than the log.
// The one exception is a reservation whose write is in doubt: the book counts it as spent.
import type { AuthorityEvent } from '../wire/authority.ts';
import { FailureError, failureOf, type Failure, type Result } from '../wire/failure.ts';
import type { Book } from './book.ts';
import type { Ledger } from './ledger.ts';

export interface Scribe {
  readonly book: Book;
  /** Durable when it settles ok. Never rejects. */
  write(event: AuthorityEvent): Promise<Result<{ readonly entry: string }>>;
}

/** A log that has not answered by then is in doubt. */
const DEADLINE_MS = 10_000;

export function createScribe(ledger: Ledger, book: Book, changed: () => void): Scribe {
  return {
    book,
    async write(event) {
      try {
        const written = await withDeadline(ledger.append(event));
        if (written.ok) book.apply(event);
        return written;
      } catch (error) {
        // In doubt: it may be in the log, so what it takes away holds and what it gives does not.
        if (event.kind === 'reserve' || event.kind === 'revoke') book.apply(event);
        return { ok: false, failure: failureOf(error) };
      } finally {
        changed();
      }
    },
  };
}

async function withDeadline<T>(writing: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FailureError(LATE)), DEADLINE_MS);
  });
  try {
    return await Promise.race([writing, late]);
  } finally {
    clearTimeout(timer);
  }
}

const LATE: Failure = {
  code: 'timeout',
  message: 'Writing to the log of this node took too long.',
  remedy: 'Try again; if it happens again, restart the browser.',
};
