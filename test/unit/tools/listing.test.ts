import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { listingOf } from '../../../lib/tools/listing.ts';
import { orFailure } from '../../../lib/tools/mcp/results.ts';
import { TOOLS } from '../../../lib/tools/tool-list.ts';

const MAX_TOKENS = 3_500;

/** As `tools/list` carries it. */
const listed = TOOLS.map(listingOf).map((tool) => ({
  ...tool,
  annotations: { title: tool.title, ...tool.annotations },
  outputSchema: orFailure(tool.outputSchema),
}));

describe('the list of tools', () => {
  it(`costs a session at most ${MAX_TOKENS} tokens`, ({ annotate }) => {
    const tokens = encode(JSON.stringify({ tools: listed })).length;
    void annotate(`tools/list: ${tokens} tokens for ${listed.length} tools`);
    expect(tokens).toBeLessThanOrEqual(MAX_TOKENS);
    expect(tokens).toBeGreaterThan(1_000);
  });

  it('names every tool once, in snake case, in a fixed order', () => {
    expect(TOOLS.map(({ name }) => name)).toEqual([
      'tabs_list',
      'tab_open',
      'tab_end',
      'page_snapshot',
      'page_find',
      'page_read',
      'page_click',
      'page_fill',
      'page_select',
      'page_press',
      'page_navigate',
      'page_wait',
      'annotate',
      'space_list',
      'authority',
    ]);
  });

  it.each(listed)(
    '$name has object schemas, snake case arguments and a crisp description',
    (tool) => {
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      const { properties } = tool.inputSchema;
      for (const name of Object.keys(Object(properties)))
        expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(tool.description.length).toBeLessThan(160);
      expect(tool.description).toMatch(/\.$/);
    },
  );

  it('says of no writing tool that it only reads, and charges each that writes', () => {
    for (const { name, hints, cost } of TOOLS) {
      const writes = cost.writes > 0;
      expect([name, hints.readOnlyHint === true && writes]).toEqual([name, false]);
    }
    const free = TOOLS.filter(({ cost }) => cost.reads + cost.writes === 0).map(({ name }) => name);
    expect(free).toEqual(['tabs_list', 'tab_end', 'authority']);
    expect(TOOLS.filter(({ needsGrant }) => !needsGrant).map(({ name }) => name)).toEqual([
      'authority',
    ]);
  });
});
