// Acting on a page: click, fill, select, press. The answer says what the act was seen to do, and no more.
import { z } from 'zod';
import { ok, type Result } from '../wire/failure.ts';
import { ACT_EFFECTS, PAGE_LIMITS, type ActOutcome, type PageReplyOf } from '../wire/page.ts';
import { originOf } from '../authority/origins.ts';
import type { Permit } from '../authority/permit.ts';
import { inTab, ref, tab } from './arguments.ts';
import { present } from './present.ts';
import { refusalLine } from './tab-tools.ts';
import { address, counted, lines } from './text.ts';
import { defineTool, WRITE, type Given } from './tool.ts';

const ACT = { readOnlyHint: false, destructiveHint: true, openWorldHint: true } as const;

const effect = z.object({
  effect: z.enum(ACT_EFFECTS),
  diff: z.string(),
  url: z.string().optional(),
  note: z.string().optional(),
});

export const pageClick = defineTool({
  name: 'page_click',
  title: 'Click',
  description: 'Click an element. Returns the effect seen and the changed lines.',
  input: z.strictObject({
    tab,
    ref,
    button: z.enum(['left', 'middle', 'right']).optional(),
    count: z.int().min(1).max(2).optional().describe('2: double click'),
  }),
  output: effect,
  hints: ACT,
  cost: WRITE,
  target: inTab,
  async handler({ tabs, permit }, { tab: handle, ref: at, ...how }) {
    const sent = await tabs.send(permit, handle, { op: 'click', ref: at, ...present(how) });
    return sent.ok ? ok(acted(permit, sent.value, `Clicked ${at}`)) : sent;
  },
});

export const pageFill = defineTool({
  name: 'page_fill',
  title: 'Fill fields',
  description:
    'Set one or more form fields: text, true/false for checkboxes, numbers. Does not submit.',
  input: z.strictObject({
    tab,
    fields: z
      .array(
        z.strictObject({
          ref,
          value: z.union([z.string().max(PAGE_LIMITS.maxFieldChars), z.boolean(), z.number()]),
        }),
      )
      .min(1)
      .max(PAGE_LIMITS.maxFields),
  }),
  output: effect.extend({ failed: z.array(z.object({ ref: z.string(), why: z.string() })) }),
  hints: { ...ACT, idempotentHint: true },
  cost: WRITE,
  target: inTab,
  async handler({ tabs, permit }, { tab: handle, fields }) {
    const sent = await tabs.send(permit, handle, { op: 'fill', fields });
    if (!sent.ok) return sent;
    const failed = sent.value.reply.fields.flatMap(faultOf);
    const done = sent.value.reply.fields.filter((field) => field.ok).length;
    const given = acted(permit, sent.value, `Filled ${done} of ${counted(fields.length, 'field')}`);
    const faults = failed.map(({ ref: at, why }) => `${at} not filled: ${why}`);
    return ok({
      ...given,
      text: lines(given.text, ...faults),
      structured: { ...given.structured, failed },
    });
  },
});

export const pageSelect = defineTool({
  name: 'page_select',
  title: 'Choose options',
  description: 'Choose options of a select or listbox by label or value.',
  input: z.strictObject({ tab, ref, values: z.array(z.string().max(1_000)).min(1).max(100) }),
  output: effect,
  hints: { ...ACT, idempotentHint: true },
  cost: WRITE,
  target: inTab,
  async handler({ tabs, permit }, { tab: handle, ref: at, values }) {
    const sent = await tabs.send(permit, handle, { op: 'select', ref: at, values });
    return sent.ok
      ? ok(acted(permit, sent.value, `Chose ${counted(values.length, 'option')} in ${at}`))
      : sent;
  },
});

export const pagePress = defineTool({
  name: 'page_press',
  title: 'Press a key',
  description: 'Press a key or combination, such as Enter or Control+A, on an element or the page.',
  input: z.strictObject({ tab, key: z.string().min(1).max(60), ref: ref.optional() }),
  output: effect,
  hints: ACT,
  cost: WRITE,
  target: inTab,
  async handler({ tabs, permit }, { tab: handle, key, ref: at }) {
    const sent = await tabs.send(permit, handle, { op: 'press', key, ...present({ ref: at }) });
    return sent.ok ? ok(acted(permit, sent.value, `Pressed ${key}`)) : sent;
  },
});

interface Acted {
  readonly reply: ActOutcome;
  readonly url: string;
}

/** What it changed is told only while the page, or where it leads, is allowed. */
function acted(
  permit: Permit,
  { reply, url }: Acted,
  what: string,
): Given<z.output<typeof effect>> {
  const leadsTo = reply.url;
  const refusal: Result<null> =
    reply.effect === 'nav' && leadsTo !== undefined ? permit.allows(leadsTo) : ok(null);
  const shown =
    leadsTo === undefined || permit.allows(leadsTo).ok ? leadsTo : (originOf(leadsTo) ?? '');
  const diff = refusal.ok ? reply.diff : '';
  const at = reply.effect === 'nav' ? (leadsTo ?? url) : url;
  return {
    text: lines(
      `${what}: ${EFFECTS[reply.effect]}`,
      shown === undefined ? null : address(shown),
      diff,
      reply.note,
      refusalLine(refusal),
    ),
    structured: { effect: reply.effect, diff, ...present({ url: shown, note: reply.note }) },
    summary: `${what} on ${address(originOf(url) ?? url)}${reply.effect === 'none' ? ', to no effect' : ''}.`,
    url: at,
  };
}

const EFFECTS: Record<ActOutcome['effect'], string> = {
  none: 'nothing was seen to change.',
  dom: 'the page changed.',
  nav: 'the tab went to another page; take a new snapshot.',
  dialog: 'the page opened a dialog.',
  popup: 'the page wants this in a new tab; nothing was opened, tab_open can.',
  download: 'it starts a download.',
};

type FieldReply = PageReplyOf<'fill'>['fields'][number];

function faultOf(field: FieldReply): { ref: string; why: string }[] {
  return field.ok ? [] : [{ ref: field.ref, why: field.failure.message }];
}
