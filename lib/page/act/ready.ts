// What every act asks first: does the ref still mean its element, can it be reached, is it enabled?
import { fail, type Result } from '../../wire/failure.ts';
import { resolveRef, type Run } from '../run.ts';
import type { Describer } from '../snapshot/line.ts';
import { isDisabled } from '../snapshot/state.ts';
import { aim, type Target } from './point.ts';

export function readyElement(ref: string, run: Run, describer: Describer): Result<Element> {
  const resolved = resolveRef(ref, run.page, describer);
  if (!resolved.ok) return resolved;
  if (!isDisabled(resolved.value)) return resolved;
  return fail(
    'no_effect',
    `${describer.line(resolved.value)} is disabled; nothing was done.`,
    'Do first what enables it (fill what is required, choose an option), then try again.',
  );
}

export function readyTarget(ref: string, run: Run, describer: Describer): Result<Target> {
  const element = readyElement(ref, run, describer);
  return element.ok ? aim(element.value, describer) : element;
}
