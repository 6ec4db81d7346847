// `commonplace relay`: one relay as a process, until it is asked to stop.
import { fail, FailureError, ok, unwrap, type Result } from '../lib/wire/failure.ts';
import { limitsFromEnvironment } from './limits.ts';
import { startRelay, type Relay, type RelayOptions } from './server.ts';

export interface RunRelayOptions extends Pick<RelayOptions, 'port' | 'host' | 'dataDir'> {
  /** Say where it listens as one line of JSON instead of a sentence. */
  readonly json: boolean;
}

/**
 * Settles when SIGINT or SIGTERM has been obeyed. Besides the limits (see limits.ts) the environment may hold
 * COMMONPLACE_RELAY_ORIGINS, web origins separated by commas, and COMMONPLACE_RELAY_BEHIND_PROXY=1.
 * Failures: `bad_arguments` for the environment, `unavailable` when it cannot start where it was told to.
 */
export async function runRelay({ json, ...where }: RunRelayOptions): Promise<Result<void>> {
  const stopped = stopSignal();
  const started = await start(where);
  if (!started.ok) return started;
  const relay = started.value;
  console.log(
    json
      ? JSON.stringify({ ready: true, url: relay.url, http: relay.http })
      : `The relay listens on ${relay.url} (${relay.http} for people) and keeps its data in ${where.dataDir}.`,
  );
  await stopped;
  await relay.close();
  return ok(undefined);
}

async function start(where: Omit<RunRelayOptions, 'json'>): Promise<Result<Relay>> {
  const { env } = process;
  try {
    const relay = await startRelay({
      ...where,
      limits: unwrap(limitsFromEnvironment(env)),
      allowedOrigins: (env['COMMONPLACE_RELAY_ORIGINS'] ?? '').split(',').filter(Boolean),
      isBehindProxy: env['COMMONPLACE_RELAY_BEHIND_PROXY'] === '1',
    });
    return ok(relay);
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    // A taken port, a folder that cannot be used: whoever started it reads why, not where in the code.
    const why = error instanceof Error ? error.message : String(error);
    const remedy = 'End what is in the way, or choose another --port and --data.';
    return fail('unavailable', `The relay cannot start: ${why}`, remedy);
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
