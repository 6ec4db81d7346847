// Waits until the node inside an extension says that it is ready: the service worker's `commonplaceReady()`
// gives `{did, name}`, or null while the profile has no person yet.
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { fail, ok, type Result } from '../../lib/wire/failure.ts';
import type { CdpPipe } from './cdp-pipe.ts';

export interface ReadyPerson {
  readonly did: string;
  readonly name: string;
}

export interface ReadyOptions {
  readonly extensionId: string;
  /** False on a kept profile, where the welcome page makes the person. */
  readonly needsPerson: boolean;
  readonly signal: AbortSignal;
}

type Answer =
  | { readonly kind: 'ready'; readonly person: ReadyPerson | null }
  | { readonly kind: 'not_yet'; readonly why: string };

const DEADLINE_MS = 60_000;
const POLL_MS = 50;

const EXPRESSION =
  "typeof commonplaceReady === 'function' ? commonplaceReady().then((value) => ({ value })) : {}";

const targets = z.object({
  targetInfos: z.array(z.object({ targetId: z.string(), type: z.string(), url: z.string() })),
});
const attached = z.object({ sessionId: z.string() });
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z
    .object({
      text: z.string(),
      exception: z.object({ description: z.string().optional() }).optional(),
    })
    .optional(),
});
const readiness = z.object({
  value: z.object({ did: z.string().startsWith('did:key:'), name: z.string() }).nullable(),
});

/** Failures: `timeout` naming what was last seen, `cancelled`. */
export async function waitUntilReady(
  cdp: CdpPipe,
  { extensionId, needsPerson, signal }: ReadyOptions,
): Promise<Result<ReadyPerson | null>> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  let why = 'nothing was heard';
  while (performance.now() < deadlineMs) {
    if (signal.aborted) return fail('cancelled', 'The start was interrupted.', 'Start again.');
    const answer = await askExtension(cdp, extensionId);
    if (answer.kind === 'ready' && (answer.person || !needsPerson)) return ok(answer.person);
    why = answer.kind === 'ready' ? 'its node has no person yet' : answer.why;
    await delay(POLL_MS);
  }
  return fail(
    'timeout',
    `The extension was not ready within ${DEADLINE_MS / 1000} s: ${why}.`,
    'Run "npm run build -- --force", then start again.',
  );
}

async function askExtension(cdp: CdpPipe, extensionId: string): Promise<Answer> {
  try {
    const { targetInfos } = targets.parse(await cdp.send('Target.getTargets'));
    const worker = targetInfos.find(
      ({ type, url }) =>
        type === 'service_worker' && url.startsWith(`chrome-extension://${extensionId}/`),
    );
    if (!worker) return { kind: 'not_yet', why: 'its service worker is not running' };
    return await askWorker(cdp, worker.targetId);
  } catch (error) {
    return { kind: 'not_yet', why: String(error) };
  }
}

/** Detaches again each time: an attached debugger would keep the worker alive for ever. */
async function askWorker(cdp: CdpPipe, targetId: string): Promise<Answer> {
  const { sessionId } = attached.parse(
    await cdp.send('Target.attachToTarget', { targetId, flatten: true }),
  );
  try {
    const { result, exceptionDetails } = evaluated.parse(
      await cdp.send(
        'Runtime.evaluate',
        { expression: EXPRESSION, awaitPromise: true, returnByValue: true },
        sessionId,
      ),
    );
    if (exceptionDetails) {
      const { text, exception } = exceptionDetails;
      return { kind: 'not_yet', why: `its node failed: ${exception?.description ?? text}` };
    }
    const parsed = readiness.safeParse(result.value);
    return parsed.success
      ? { kind: 'ready', person: parsed.data.value }
      : { kind: 'not_yet', why: 'its service worker offers no commonplaceReady()' };
  } finally {
    await cdp.send('Target.detachFromTarget', { sessionId }).catch(() => {});
  }
}
