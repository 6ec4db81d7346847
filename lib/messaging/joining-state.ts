// What the extension's own pages see while this browser is on its way to become a device of someone.
import type { Failure } from '../wire/failure.ts';

/** This browser on its way to become a device of someone. */
export interface JoiningView {
  readonly step: 'meeting' | 'compare' | 'waiting' | 'failed';
  readonly digits: string | null;
  readonly failure: Failure | null;
}
