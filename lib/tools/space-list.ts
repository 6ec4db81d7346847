// The spaces that an agent may use, with what is in them.
import { z } from 'zod';
import { ok } from '../wire/failure.ts';
import { nowhere } from './arguments.ts';
import type { SpaceSummary } from './spaces-port.ts';
import { address, counted, lines, quoted } from './text.ts';
import { defineTool, READ, type ToolContext } from './tool.ts';

const MAX_PAGES = 10;

const page = z.object({ url: z.string(), annotations: z.int() });

export const spaceList = defineTool({
  name: 'space_list',
  title: 'List spaces',
  description: 'Spaces you may use: people, annotations, annotated pages.',
  input: z.strictObject({}),
  output: z.object({
    spaces: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        people: z.int(),
        annotations: z.int(),
        active: z.boolean(),
        pages: z.array(page),
      }),
    ),
  }),
  hints: { readOnlyHint: true, openWorldHint: false },
  cost: READ,
  target: nowhere,
  async handler({ spaces, permit }) {
    const all = await spaces.list();
    const allowed = all
      .filter(({ id }) => permit.allowsSpace(id))
      .map((one) => within(one, permit));
    return ok({
      text: lines(
        allowed.length === 0 ? 'There is no space that you may use.' : null,
        ...allowed.flatMap(spaceLines),
      ),
      structured: { spaces: allowed },
      summary: `Listed ${counted(allowed.length, 'space')}.`,
    });
  },
});

/** Addresses of pages outside the agent's origins are none of its business; they still count. */
function within(space: SpaceSummary, permit: ToolContext['permit']) {
  const pages = space.pages.filter(({ url }) => permit.allows(url).ok).slice(0, MAX_PAGES);
  return { ...space, pages: pages.map(({ url, annotations }) => ({ url, annotations })) };
}

function spaceLines(space: ReturnType<typeof within>): string[] {
  const { id, name, people, annotations, active, pages } = space;
  const counts = `${counted(people, 'person', 'people')}, ${counted(annotations, 'annotation')}`;
  return [
    `${id} ${quoted(name)} ${counts}${active ? ', open now' : ''}`,
    ...pages.map((one) => `  ${one.annotations} on ${address(one.url)}`),
  ];
}
