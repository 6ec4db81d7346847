// The one way this project says "no": a closed code for machines, a message and a remedy for readers.
// Expected outcomes travel as values of these types; bugs throw and are caught at the edge of a place.

/** Every code a Failure may carry. Add here first; a reader may switch over the whole list. */
export const FAILURE_CODES = [
  // what was sent is wrong
  'malformed',
  'not_canonical',
  'too_large',
  'bad_signature',
  'bad_arguments',
  'unknown_tool',
  'unsupported_version',
  // what was asked for is not there, or not now
  'not_found',
  'conflict',
  'forked',
  'stale_ref',
  'obscured',
  'no_effect',
  'offline',
  'timeout',
  'cancelled',
  'closed',
  'storage_full',
  'unavailable',
  // who asks may not
  'unauthenticated',
  'pairing_required',
  'permission_denied',
  'budget_exhausted',
  'approval_required',
  'stopped',
  'rate_limited',
  // ours
  'internal',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** What happened, what was expected, and what to try next. Shown to people and agents as it stands. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly remedy: string;
}

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Failed;

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(code: FailureCode, message: string, remedy: string): Failed {
  return { ok: false, failure: { code, message, remedy } };
}

/** Carries a Failure through code that can only throw (a promise chain, a library's callback). */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** The value of a result, or throws its Failure as a `FailureError`. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FailureError(result.failure);
}

const MAX_WORDS_CHARS = 1000;

/** A failure that came over the wire as `[code, message, remedy]`; null for anything else. */
export function failureFrom([code, message, remedy]: readonly unknown[]): Failure | null {
  const known = FAILURE_CODES.find((candidate) => candidate === code);
  if (known === undefined || typeof message !== 'string' || typeof remedy !== 'string') return null;
  if (message.length > MAX_WORDS_CHARS || remedy.length > MAX_WORDS_CHARS) return null;
  return { code: known, message, remedy };
}

/** Turns whatever was thrown into a Failure, for the edge of a place where bugs are caught. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return {
      code: 'storage_full',
      message: 'The browser has no room left for Commonplace. Nothing already saved is lost.',
      remedy: 'Free some disk space or remove a space you no longer need, then try again.',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `Something in Commonplace went wrong: ${message}`,
    remedy: 'Try again; if it happens again, report it with what you did just before.',
  };
}
