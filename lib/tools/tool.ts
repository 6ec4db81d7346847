// A tool is one value: its name, words, schemas, hints, cost and what it does. Listing, validation, the docs and
// the gate's view of it all come from that value.
import type { z } from 'zod';
import type { Standing } from '../authority/authority.ts';
import type { Target } from '../authority/checks.ts';
import type { Done, Prepared } from '../authority/gated-call.ts';
import type { Permit } from '../authority/permit.ts';
import type { AgentIdentity, Amounts } from '../wire/authority.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { ToolAnswer, ToolHints } from './mcp/dispatcher.ts';
import type { SpacesPort } from './spaces-port.ts';
import type { Tabs } from './tabs.ts';
import { checkShape } from '../wire/shape.ts';

/** What every tool may use. */
export interface ToolWorld {
  readonly tabs: Tabs;
  readonly spaces: SpacesPort;
  readonly standing: (agent: AgentIdentity) => Standing;
}

export interface ToolContext extends ToolWorld {
  readonly permit: Permit;
}

export const READ: Amounts = { reads: 1, writes: 0 };
export const WRITE: Amounts = { reads: 0, writes: 1 };
export const FREE: Amounts = { reads: 0, writes: 0 };

export interface Whereabouts extends ToolWorld {
  readonly agent: AgentIdentity;
  readonly signal: AbortSignal;
}

export interface Given<Out> {
  readonly text: string;
  readonly structured: Out;
  /** For the receipt that the person sees: past tense, one line, at most 200 characters. */
  readonly summary: string;
  /** Where it ended, for the receipt. */
  readonly url?: string;
}

export interface ToolSpec<In extends z.ZodObject, Out extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: In;
  readonly output: Out;
  readonly hints: ToolHints;
  readonly cost: Amounts;
  /** False only for `authority`. */
  readonly needsGrant?: false;
  readonly timeoutMs?: number;
  /** Where the call would act, found out without acting. */
  readonly target: (args: z.output<In>, whereabouts: Whereabouts) => Promise<Result<Target>>;
  readonly handler: (
    context: ToolContext,
    args: z.output<In>,
  ) => Promise<Result<Given<z.output<Out>>>>;
}

/** A tool whose argument types are behind it: what listing, docs and the dispatcher work with. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly hints: ToolHints;
  readonly cost: Amounts;
  readonly needsGrant: boolean;
  /** Failure: `bad_arguments`, naming each fault. */
  prepare(args: unknown, world: ToolWorld, agent: AgentIdentity): Result<Prepared<ToolAnswer>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(
  spec: ToolSpec<In, Out>,
): Tool {
  const { name, title, description, input, output, hints, cost } = spec;
  const needsGrant = spec.needsGrant ?? true;
  const timeoutMs = spec.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    name,
    title,
    description,
    input,
    output,
    hints,
    cost,
    needsGrant,
    prepare(raw, world, agent) {
      // That a shape gives its own output is more than the compiler sees through the generic.
      const parsed = checkShape(input as z.ZodType as z.ZodType<z.output<In>>, raw);
      if (!parsed.success) return badArguments(name, parsed.error);
      const args = parsed.data;
      return ok({
        args,
        cost,
        needsGrant,
        timeoutMs,
        locate: (signal) => spec.target(args, { ...world, agent, signal }),
        run: async (permit) => done(output, await spec.handler({ ...world, permit }, args)),
      });
    },
  };
}

/** Also drops whatever a handler gave beyond its schema, so that the schema is what agents get. */
function done<Out extends z.ZodObject>(
  output: Out,
  given: Result<Given<z.output<Out>>>,
): Result<Done<ToolAnswer>> {
  if (!given.ok) return given;
  const { text, structured, summary, url } = given.value;
  const value = { text, structured: { ...output.parse(structured) } };
  return ok({ value, summary, ...(url === undefined ? {} : { url }) });
}

function badArguments(name: string, error: z.ZodError): Result<never> {
  const faults = error.issues
    .slice(0, 4)
    .map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`);
  return fail(
    'bad_arguments',
    `${name} was not run. ${faults.join('; ').slice(0, 600)}.`,
    'Correct what is named and call again.',
  );
}
