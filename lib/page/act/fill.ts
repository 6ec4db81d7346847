// Filling fields, many at once: each is set the way a page's framework notices, checked afterwards, and
// answered for by itself.
import { ok, type Failure, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import type { Run } from '../run.ts';
import { look } from '../run.ts';
import { act, type Prepared } from './act.ts';
import { readyElement, readyTarget } from './ready.ts';
import { setField } from './set-field.ts';
import type { Describer } from '../snapshot/line.ts';

type Field = PageRequestOf<'fill'>['fields'][number];
type FieldReply = PageReplyOf<'fill'>['fields'][number];

export async function fill(
  request: PageRequestOf<'fill'>,
  run: Run,
): Promise<Result<PageReplyOf<'fill'>>> {
  const outcome = await act(run, (describer) => prepare(request, run, describer));
  return outcome.ok ? ok({ op: 'fill', ...outcome.value }) : outcome;
}

function prepare(
  { fields }: PageRequestOf<'fill'>,
  run: Run,
  describer: Describer,
): Result<Prepared<{ fields: FieldReply[] }>> {
  const failures = new Map<Field, Failure>();
  for (const field of fields) {
    const element = readyElement(field.ref, run, describer);
    if (!element.ok) failures.set(field, element.failure);
  }
  const first = [...failures.values()][0];
  if (first !== undefined && failures.size === fields.length) return { ok: false, failure: first };
  const only = fields.length === 1 ? fields[0] : undefined;
  const target = only === undefined ? null : readyTarget(only.ref, run, describer);
  if (target !== null && !target.ok) return target;
  return ok({
    element: target?.value.element ?? null,
    perform: () => perform(fields, failures, run),
  });
}

function perform(
  fields: readonly Field[],
  failures: ReadonlyMap<Field, Failure>,
  run: Run,
): Result<{ isKnown: boolean; extra: { fields: FieldReply[] } }> {
  const replies: FieldReply[] = [];
  for (const field of fields) {
    const failure = failures.get(field) ?? fillOne(field, run);
    if (failure !== null && fields.length === 1) return { ok: false, failure };
    const { ref } = field;
    replies.push(failure === null ? { ref, ok: true } : { ref, ok: false, failure });
  }
  return ok({ isKnown: replies.some((reply) => reply.ok), extra: { fields: replies } });
}

/** Null when the field took the value. Each field is looked at afresh: filling one may change another. */
function fillOne({ ref, value }: Field, run: Run): Failure | null {
  const describer = look(run.page);
  const target = readyTarget(ref, run, describer);
  if (!target.ok) return target.failure;
  const set = setField(target.value, value, { run, describer });
  return set.ok ? null : set.failure;
}
