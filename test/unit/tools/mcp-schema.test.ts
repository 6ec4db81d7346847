// Clients built on the first generation of the SDK check the structured content of errors, too.
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { describe, expect, it } from 'vitest';
import { orFailure, toMcpResult } from '../../../lib/tools/mcp/results.ts';
import { fail, ok } from '../../../lib/wire/failure.ts';

const SCHEMA = {
  type: 'object',
  properties: { tabs: { type: 'array' } },
  required: ['tabs'],
  additionalProperties: false,
} as const;

describe('an advertised output schema', () => {
  const check = new AjvJsonSchemaValidator().getValidator({ ...orFailure(SCHEMA) });

  it('takes what the tool gives and how it fails, and nothing else', () => {
    const given = toMcpResult(ok({ text: 'no tabs', structured: { tabs: [] } }));
    const failed = toMcpResult(fail('stale_ref', 'The ref is old.', 'Take a new snapshot.'));
    expect(check(given.structuredContent).valid).toBe(true);
    expect(check(failed.structuredContent).valid).toBe(true);
    expect(check({ code: 'stale_ref' }).valid).toBe(false);
    expect(check({ tabs: [], more: 1 }).valid).toBe(false);
  });
});
