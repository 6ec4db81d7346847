// A tool as MCP lists it: its zod schemas as JSON Schema, without what costs tokens and tells a model nothing.
import { z } from 'zod';
import type { ObjectSchema, ToolListing } from './mcp/dispatcher.ts';
import type { Tool } from './tool.ts';

export function listingOf(tool: Tool): ToolListing {
  const { name, title, description, input, output, hints } = tool;
  return {
    name,
    title,
    description,
    inputSchema: schemaOf(input, 'input'),
    outputSchema: schemaOf(output, 'output'),
    annotations: hints,
  };
}

function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const full = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => trim(jsonSchema, io),
  });
  const { $schema: _, type: __, ...rest } = full;
  return { ...rest, type: 'object' };
}

/** Bounds that say "any whole number", patterns that the description words better, and closed outputs. */
function trim(schema: Record<string, unknown>, io: 'input' | 'output'): void {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (io === 'output') delete schema['additionalProperties'];
  for (const keyword of ['pattern', 'minLength', 'maxLength', 'minItems', 'maxItems'])
    delete schema[keyword];
}
