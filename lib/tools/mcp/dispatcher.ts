// What the MCP server asks of the tools: a list, and a call that has passed the one gate. The server
// knows nothing else of tools, grants or pages.
import type { AgentCaller } from '../../wire/bridge.ts';
import type { Result } from '../../wire/failure.ts';

/** A JSON Schema (2020-12) whose root is an object. */
export type ObjectSchema = { readonly type: 'object' } & { readonly [keyword: string]: unknown };

/** A tool as agents see it in `tools/list`. */
export interface ToolListing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: ToolHints;
}

/** The hints of the MCP specification; unset means its default, the more careful one. */
export interface ToolHints {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** What a tool gave: `text` for a model to read, `structured` for a program (matches `outputSchema`). */
export interface ToolAnswer {
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

export type ToolOutcome = Result<ToolAnswer>;

/** How far a long call has come; `progress` must grow from one to the next. */
export interface ToolProgress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export interface ToolDispatcher {
  /** In a fixed order, the same for every agent. */
  list(): readonly ToolListing[];
  /**
   * Parses, asks the gate, runs, settles. Expected refusals are values (`unknown_tool`, `bad_arguments`,
   * `pairing_required`, …). The signal aborts when the agent cancels or its session ends.
   */
  call(
    caller: AgentCaller,
    name: string,
    args: unknown,
    signal: AbortSignal,
    report?: (progress: ToolProgress) => void,
  ): Promise<ToolOutcome>;
}
