// How the outcome of a tool call looks in MCP: text for the model, the same facts as structured content
// for programs. A refusal is a result with `isError`, so that the model reads it and can recover.
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Failure } from '../../wire/failure.ts';
import type { ObjectSchema, ToolOutcome } from './dispatcher.ts';

export function toMcpResult(outcome: ToolOutcome): CallToolResult {
  if (!outcome.ok) return failureResult(outcome.failure);
  return {
    content: [{ type: 'text', text: outcome.value.text }],
    structuredContent: { ...outcome.value.structured },
  };
}

function failureResult({ code, message, remedy }: Failure): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: failureText({ code, message, remedy }) }],
    structuredContent: { code, message, remedy },
  };
}

/** A failure as a model reads it. */
export function failureText({ code, message, remedy }: Failure): string {
  return `${code}: ${message}\nTry: ${remedy}`;
}

/**
 * The output schema as advertised: the tool's own, or a failure. Clients built on the first generation of
 * the SDK check the structured content of errors too, and would hide a refusal that does not match.
 */
export function orFailure(schema: ObjectSchema): ObjectSchema {
  return { type: 'object', anyOf: [schema, { required: ['code', 'message', 'remedy'] }] };
}
