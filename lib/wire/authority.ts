// The facts of authority as they stand in a person's home log: who may do what, what was set aside for a
// call, and what came of it. Strict and versioned: what does not parse gives no authority.
import { z } from 'zod';
import { fail, ok, type Result } from './failure.ts';
import { printable } from './printable.ts';
import { checkShape } from './shape.ts';

export const AUTHORITY_VERSION = 1;

/** Longest lists and texts that an authority event may carry. */
export const AUTHORITY_LIMITS = {
  origins: 32,
  originChars: 300,
  tools: 64,
  spaces: 64,
  amount: 1_000_000,
  nameChars: 60,
  summaryChars: 200,
  labels: 16,
  minutes: 60 * 24 * 31,
} as const;

const id = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const did = z.string().regex(/^did:key:z[1-9A-HJ-NP-Za-km-z]{20,120}$/);
const atMs = z.int().min(0).max(8.64e15);
const amount = z.int().min(0).max(AUTHORITY_LIMITS.amount);
const amounts = z.strictObject({ reads: amount, writes: amount });
const toolName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const origin = z.string().max(AUTHORITY_LIMITS.originChars);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const label = (maxChars: number) => z.string().max(maxChars);

const scope = z.strictObject({
  /** Patterns by the rules of lib/authority/origins.ts. */
  origins: z.array(origin).max(AUTHORITY_LIMITS.origins),
  tools: z.union([z.literal('all'), z.array(toolName).max(AUTHORITY_LIMITS.tools)]),
  spaces: z.union([z.literal('all'), z.array(label(128)).max(AUTHORITY_LIMITS.spaces)]),
});

const version = { v: z.literal(AUTHORITY_VERSION) };

const grant = z.strictObject({
  ...version,
  kind: z.literal('grant'),
  id,
  agent: did,
  agentName: label(AUTHORITY_LIMITS.nameChars),
  client: label(AUTHORITY_LIMITS.nameChars),
  /** The person who gave it. */
  issuer: did,
  /** The one node that runs the agent and uses the grant up. */
  node: did,
  scope,
  limits: amounts,
  issuedAt: atMs,
  expiresAt: atMs,
  parent: id.optional(),
});

const revoke = z.strictObject({
  ...version,
  kind: z.literal('revoke'),
  /** One grant, or everything an agent holds: the agent is then stopped until it gets a new grant. */
  target: z.union([
    z.strictObject({ grant: id }),
    z.strictObject({ agent: did, agentName: label(AUTHORITY_LIMITS.nameChars) }),
  ]),
  reason: z.enum(['stopped', 'declined', 'replaced', 'withdrawn']),
  at: atMs,
});

const reserve = z.strictObject({
  ...version,
  kind: z.literal('reserve'),
  id,
  grant: id,
  agent: did,
  tool: toolName,
  /** SHA-256 of the exact action: agent, tool, arguments, tab, origin. */
  digest,
  cost: amounts,
  /** The approval that this call uses up, where policy asked for one. */
  approval: id.optional(),
  at: atMs,
});

const receipt = z.strictObject({
  ...version,
  kind: z.literal('receipt'),
  /** Null when nothing was set aside: a call that costs nothing, or was refused before that. */
  reservation: id.nullable(),
  agent: did,
  tool: toolName,
  outcome: z.enum(['ok', 'failed', 'refused', 'unknown']),
  charged: amounts,
  origin: origin.optional(),
  /** Origins whose content the agent had read under this grant when it made the call. */
  labels: z.array(origin).max(AUTHORITY_LIMITS.labels),
  summary: label(AUTHORITY_LIMITS.summaryChars),
  code: label(40).optional(),
  /** How many calls this one entry stands for: refusals in a row are folded into the newest. */
  count: z.int().min(1).max(1_000_000),
  at: atMs,
});

const approvalRequested = z.strictObject({
  ...version,
  kind: z.literal('approval_requested'),
  id,
  agent: did,
  tool: toolName,
  digest,
  summary: label(AUTHORITY_LIMITS.summaryChars),
  at: atMs,
  expiresAt: atMs,
});

const approvalDecided = z.strictObject({
  ...version,
  kind: z.literal('approval_decided'),
  id,
  decision: z.enum(['allowed', 'refused']),
  by: did,
  at: atMs,
});

const authorityEvent = z.discriminatedUnion('kind', [
  grant,
  revoke,
  reserve,
  receipt,
  approvalRequested,
  approvalDecided,
]);

const newerEvent = z.object({ v: z.int().min(AUTHORITY_VERSION + 1) });

export type Amounts = z.infer<typeof amounts>;
export type Scope = z.infer<typeof scope>;
export type Grant = z.infer<typeof grant>;
export type Revoke = z.infer<typeof revoke>;
export type Reserve = z.infer<typeof reserve>;
export type Receipt = z.infer<typeof receipt>;
export type ApprovalRequested = z.infer<typeof approvalRequested>;
export type ApprovalDecided = z.infer<typeof approvalDecided>;
export type AuthorityEvent = z.infer<typeof authorityEvent>;

/** Reads the body of a log entry. Failures: `unsupported_version`, `malformed`. */
export function parseAuthorityEvent(body: unknown): Result<AuthorityEvent> {
  const parsed = checkShape(authorityEvent, body);
  if (parsed.success) return ok(parsed.data);
  const newer = checkShape(newerEvent, body).success;
  if (newer) {
    return fail(
      'unsupported_version',
      'This grant or receipt was written by a newer version of Commonplace.',
      'Update Commonplace on this device.',
    );
  }
  return fail(
    'malformed',
    `A grant or receipt could not be read: ${z.prettifyError(parsed.error).slice(0, 300)}`,
    'Nothing was allowed because of it. Give the agent a new grant.',
  );
}

/** What a person (or the launch configuration) says when allowing an agent. Absent lists mean all. */
export const grantDraft = z.strictObject({
  origins: z.array(origin).max(AUTHORITY_LIMITS.origins),
  tools: scope.shape.tools.default('all'),
  spaces: scope.shape.spaces.default('all'),
  reads: amount,
  writes: amount,
  minutes: z.number().positive().max(AUTHORITY_LIMITS.minutes),
});

export type GrantDraft = z.infer<typeof grantDraft>;
export type GrantDraftInput = z.input<typeof grantDraft>;

/** Who is calling, as the bridge proved it (the did) and as the client calls itself (the rest). */
export interface AgentIdentity {
  readonly did: string;
  readonly name: string;
  readonly client: string;
}

const agentIdentity = z.object({
  did,
  name: z.string().max(1000),
  client: z.string().max(1000).default(''),
});

/** Reads an agent's self-description; names are cut to one printable line, since a person will see them. */
export function parseAgentIdentity(value: unknown): Result<AgentIdentity> {
  const parsed = checkShape(agentIdentity, value);
  if (!parsed.success) {
    return fail(
      'malformed',
      'The agent did not say who it is in a way this node can read.',
      'Start the agent again through the commonplace bridge.',
    );
  }
  const { did: agent, name, client } = parsed.data;
  return ok({ did: agent, name: nameLine(name) || 'An agent', client: nameLine(client) });
}

function nameLine(text: string): string {
  return printable(text, AUTHORITY_LIMITS.nameChars);
}
