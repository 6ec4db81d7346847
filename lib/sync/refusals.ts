// What a session says when it does not do what the other asked.
import { fail } from '../wire/failure.ts';

export const NOT_A_MEMBER = fail(
  'permission_denied',
  'The other side did not show that it belongs to this space.',
  'Ask a member of the space for a new invite link.',
).failure;

export const REMOVED = fail(
  'permission_denied',
  'You are no longer in this space. What you have of it stays readable here.',
  'Ask a steward of the space to invite you again.',
).failure;

export const OUT_OF_TURN = fail(
  'malformed',
  'The other side started the protocol twice.',
  'Make sure that both sides run a current version of Commonplace.',
).failure;

export const TOO_MANY_SPACES = fail(
  'rate_limited',
  'Too many spaces are open on this connection.',
  'Close some spaces, or ask the operator of the relay to raise the limit.',
).failure;

export const TOO_MANY_AUTHORS = fail(
  'too_large',
  'The other side names more authors of one space than can be kept.',
  'Nothing was changed. Sync with someone else.',
).failure;
