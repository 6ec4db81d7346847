// What a document says when a verb or a version cannot be had.
import { fail, FailureError, failureOf, type Failure, type Result } from '../../wire/failure.ts';

export function wouldBeRefused(reason: string): Result<never> {
  return fail(
    'too_large',
    `This change would be refused by everyone: ${reason}.`,
    'Make smaller changes, or wait until concurrent ones have been seen by their authors.',
  );
}

export const NOT_HERE = fail(
  'not_found',
  'This version has not come to this browser yet.',
  'Wait until it has, or ask the person who made it to open their browser.',
);

export const NOT_CAUGHT_UP = fail(
  'unavailable',
  'Something this browser wrote earlier builds on changes that it no longer has.',
  'Nothing is lost. Try again when the others are connected.',
);

export function failureOfVerb(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof Error && error.name === 'ZodError') {
    return fail('bad_arguments', `The arguments do not fit: ${error.message}`, 'Correct them.')
      .failure;
  }
  return failureOf(error);
}
