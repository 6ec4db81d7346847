// Our own stack as an agent meets it: stdio program, native host, extension, page.
import type { StagedWorld } from '../../test/support/stage.ts';
import { connectTo, textOf, type Harness } from './harness.ts';

export interface OurHarness extends Harness {
  /** What is allowed and left: a round trip that does not touch a page. */
  authority(): Promise<string>;
  /** Every word and every control of the page, as the peers' snapshots give them: one text for each call it takes. */
  everything(): Promise<readonly string[]>;
}

/** Needs a world whose grant covers what is measured. The world stays the caller's. */
export async function startOurs(world: StagedWorld): Promise<OurHarness> {
  const { mcp } = world.person('Ada');
  const client = await connectTo({ command: mcp.command, args: [...mcp.args, '--name', 'bench'] });
  let tab = '';
  const snapshot = (more: Record<string, unknown> = {}) =>
    textOf(client, 'page_snapshot', { tab, ...more });
  return {
    name: 'commonplace',
    client,
    open: async (url) => {
      const { structuredContent } = await client.callTool({ name: 'tab_open', arguments: { url } });
      tab = String(Object(structuredContent).tab);
    },
    snapshot: () => snapshot(),
    everything: () => inParts((more) => snapshot({ ...more, view: 'full', max_tokens: 10_000 })),
    click: (ref) => textOf(client, 'page_click', { tab, ref }),
    authority: () => textOf(client, 'authority'),
    refOfButton: (name) => `button "${name}" \\[ref=(e\\d+)\\]`,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The first part, then each that a part before it says can be had with a cursor. */
async function inParts(
  look: (more: { cursor?: string }) => Promise<string>,
): Promise<readonly string[]> {
  const parts = [await look({})];
  const told = new Set<string>();
  // The list grows while it is gone through.
  for (const part of parts) {
    for (const [, cursor = ''] of part.matchAll(/\bcursor=(\w+)/gu)) {
      if (told.has(cursor)) continue;
      told.add(cursor);
      parts.push(await look({ cursor }));
    }
  }
  return parts;
}
