// The arguments that several tools share, and where a call that names a tab would act.
import { z } from 'zod';
import { NOWHERE, type Target } from '../authority/checks.ts';
import { ok, type Result } from '../wire/failure.ts';
import { PAGE_LIMITS } from '../wire/page.ts';
import type { Whereabouts } from './tool.ts';

export const tab = z
  .string()
  .regex(/^t[1-9]\d{0,8}$/, 'a tab of yours, such as "t1"')
  .describe('Tab handle from tab_open');

export const ref = z
  .string()
  .regex(/^e[1-9]\d{0,8}$/, 'a ref from a snapshot, such as "e12"')
  .describe('Ref from the newest snapshot of that tab');

export const cursor = z
  .string()
  .regex(/^[a-z][1-9]\d{0,8}$/, 'a cursor from an earlier answer')
  .optional()
  .describe('next_cursor of the answer before');

export const maxTokens = z
  .int()
  .min(PAGE_LIMITS.minTokens)
  .max(PAGE_LIMITS.maxTokens)
  .optional()
  .describe(`Size of the answer, ${PAGE_LIMITS.defaultTokens} if left out`);

export const webUrl = z
  .string()
  .max(4_000)
  .refine(isWebUrl, 'a whole address that begins with http:// or https://');

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

export async function inTab(
  args: { readonly tab: string },
  { tabs, agent }: Whereabouts,
): Promise<Result<Target>> {
  const url = await tabs.url(agent.did, args.tab);
  if (!url.ok) return url;
  return ok({ ...NOWHERE, urls: [url.value], where: `${args.tab} ${url.value}` });
}

export function nowhere(): Promise<Result<Target>> {
  return Promise.resolve(ok(NOWHERE));
}
