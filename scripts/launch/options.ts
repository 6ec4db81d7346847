// What was asked for on the command line, checked whole before anything starts.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { canonicalPatterns } from '../../lib/authority/origins.ts';
import { grantDraft, type GrantDraft } from '../../lib/wire/authority.ts';
import { fail, ok, type Result } from '../../lib/wire/failure.ts';

/** `kept`: one person, a profile that stays. `scripted`: fresh profiles that go when the run ends. */
export interface LaunchOptions {
  readonly mode: 'kept' | 'scripted';
  readonly headless: boolean;
  readonly people: number;
  readonly json: boolean;
  readonly grant: GrantDraft | null;
  /** The relay's port; 0 takes a free one. */
  readonly port: number;
  /** End when the process that started this one ends. */
  readonly withParent: boolean;
}

export const USAGE = `npm start                     one browser on a profile that is kept
npm start -- [options]        a scripted run on fresh profiles, until SIGINT
  --headless                  no windows
  --people N                  so many browsers, 1 to 16 (1)
  --json                      print one line of JSON on standard output when all is ready
  --grant JSON                what any agent that pairs during this run may do, for example
                              '{"origins":["http://127.0.0.1:*"],"reads":1000,"writes":1000,"minutes":60}'
  --port N                    the relay's port (0, a free one)
  --help                      these words`;

const KEPT_PORT = 7340;

/** What a grant allows where the command line does not say: looking at pages of this machine for an hour. */
const launchGrant = grantDraft.extend({
  origins: grantDraft.shape.origins.min(1).default(['http://127.0.0.1:*', 'http://localhost:*']),
  reads: grantDraft.shape.reads.default(1000),
  writes: grantDraft.shape.writes.default(0),
  minutes: grantDraft.shape.minutes.default(60),
});

const flags = z.object({
  headless: z.boolean().default(false),
  json: z.boolean().default(false),
  'with-parent': z.boolean().default(false),
  people: z.coerce.number().int().min(1).max(16).optional(),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  grant: z.string().optional(),
});

/** Failures: `bad_arguments`, naming the flag. */
export function parseOptions(args: readonly string[]): Result<LaunchOptions> {
  const read = readFlags(args);
  if (!read.ok) return read;
  const given = read.value;
  const grant = given.grant === undefined ? ok(null) : parseGrant(given.grant);
  if (!grant.ok) return grant;
  const scripted =
    given.headless || given.json || given.people !== undefined || given.grant !== undefined;
  return ok({
    mode: scripted ? 'scripted' : 'kept',
    headless: given.headless,
    people: given.people ?? 1,
    json: given.json,
    grant: grant.value,
    port: given.port ?? (scripted ? 0 : KEPT_PORT),
    withParent: given['with-parent'],
  });
}

function readFlags(args: readonly string[]): Result<z.infer<typeof flags>> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        headless: { type: 'boolean' },
        json: { type: 'boolean' },
        'with-parent': { type: 'boolean' },
        people: { type: 'string' },
        port: { type: 'string' },
        grant: { type: 'string' },
      },
    });
    const parsed = flags.safeParse(values);
    return parsed.success ? ok(parsed.data) : badArguments(`--${wordsFor(parsed.error)}`);
  } catch (error) {
    // parseArgs throws for flags that it does not know or that lack a value.
    return badArguments(error instanceof Error ? error.message : String(error));
  }
}

function parseGrant(text: string): Result<GrantDraft> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return badArguments('--grant is not JSON');
  }
  const parsed = launchGrant.safeParse(value);
  if (!parsed.success) return badArguments(`--grant: ${wordsFor(parsed.error)}`);
  const origins = canonicalPatterns(parsed.data.origins);
  if (!origins.ok) return badArguments(`--grant: ${origins.failure.message}`);
  return ok({ ...parsed.data, origins: origins.value });
}

/** The first thing that is wrong, and where: "people: expected number to be <=16". */
function wordsFor(error: z.ZodError): string {
  const [issue] = error.issues;
  return [...(issue?.path ?? []), issue?.message ?? 'not as expected'].join(': ');
}

function badArguments(what: string): Result<never> {
  return fail('bad_arguments', what, `Nothing was started. What can be asked for:\n\n${USAGE}`);
}
