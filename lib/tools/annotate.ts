// Leaving a note on a passage of a page, in a space, in the agent's own name on behalf of its person.
import { z } from 'zod';
import { MAX_CONTEXT_CHARS, MAX_QUOTE_CHARS, pageAddress } from '../wire/annotator.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { inTab, tab } from './arguments.ts';
import { present } from './present.ts';
import type { SpacesPort, SpaceSummary } from './spaces-port.ts';
import { address, quoted } from './text.ts';
import { defineTool, WRITE } from './tool.ts';

const context = z.string().max(MAX_CONTEXT_CHARS).optional();

export const annotate = defineTool({
  name: 'annotate',
  title: 'Annotate a passage',
  description: 'Attach a note to a passage of the page, for everyone in a space to see.',
  input: z.strictObject({
    tab,
    quote: z
      .string()
      .trim()
      .min(1)
      .max(MAX_QUOTE_CHARS)
      .describe('The passage, as it stands on the page'),
    prefix: context.describe('Text right before, if the passage occurs twice'),
    suffix: context,
    note: z.string().trim().min(1).max(4_000),
    space: z
      .string()
      .max(128)
      .optional()
      .describe('Id from space_list; the open space if left out'),
  }),
  output: z.object({ id: z.string(), space: z.string(), quote: z.string() }),
  hints: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  cost: WRITE,
  async target(args, whereabouts) {
    const at = await inTab(args, whereabouts);
    if (!at.ok) return at;
    const space = await chooseSpace(whereabouts.spaces, args.space);
    return space.ok ? ok({ ...at.value, spaces: [space.value.id] }) : space;
  },
  async handler({ tabs, spaces, permit }, args) {
    const space = await chooseSpace(spaces, args.space);
    if (!space.ok) return space;
    // The person may have opened another space since the gate looked.
    if (!permit.allowsSpace(space.value.id) || permit.grantId === null) return spaceChanged();
    const { quote, prefix, suffix } = args;
    const described = await tabs.describe(permit, args.tab, {
      quote,
      ...present({ prefix, suffix }),
    });
    if (!described.ok) return described;
    const { target, title } = described.value;
    const url = pageAddress(described.value.url);
    if (url === null) return noAddress();
    const { did, name } = permit.agent;
    const made = await spaces.annotate({
      spaceId: space.value.id,
      url,
      title,
      target,
      note: args.note,
      agent: { did, name, grant: permit.grantId },
    });
    if (!made.ok) return made;
    const found = target.quote.exact;
    return ok({
      text: `Annotated ${quoted(found)} in the space ${quoted(space.value.name)}.`,
      structured: { id: made.value.id, space: space.value.id, quote: found },
      summary: `Annotated ${quoted(found, 60)} on ${address(url)}.`,
      url,
    });
  },
});

async function chooseSpace(
  port: SpacesPort,
  id: string | undefined,
): Promise<Result<SpaceSummary>> {
  const spaces = await port.list();
  const only = spaces.length === 1 ? spaces[0] : undefined;
  const found =
    id === undefined
      ? (spaces.find(({ active }) => active) ?? only)
      : spaces.find((space) => space.id === id);
  if (found !== undefined) return ok(found);
  return fail(
    'not_found',
    id === undefined ? 'It is not clear which space is meant.' : `There is no space ${quoted(id)}.`,
    'Call space_list and pass the id of a space.',
  );
}

function spaceChanged(): Result<never> {
  return fail(
    'conflict',
    'Another space was opened while this call was on its way. Nothing was written.',
    'Call again, and name the space.',
  );
}

function noAddress(): Result<never> {
  return fail(
    'unavailable',
    'This page has no address that others could open.',
    'Annotate a page whose address begins with http:// or https://.',
  );
}
