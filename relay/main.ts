// `commonplace relay`: one relay as a process, until it is asked to stop.
import { unwrap } from '../lib/wire/failure.ts';
import { limitsFromEnvironment } from './limits.ts';
import { startRelay, type RelayOptions } from './server.ts';

export interface RunRelayOptions extends Pick<RelayOptions, 'port' | 'host' | 'dataDir'> {
  /** Say where it listens as one line of JSON instead of a sentence. */
  readonly json: boolean;
}

/**
 * Settles when SIGINT or SIGTERM has been obeyed. Besides the limits (see limits.ts) the environment may hold
 * COMMONPLACE_RELAY_ORIGINS, web origins separated by commas, and COMMONPLACE_RELAY_BEHIND_PROXY=1.
 * Throws when the relay cannot start.
 */
export async function runRelay({ json, ...where }: RunRelayOptions): Promise<void> {
  const { env } = process;
  const stopped = stopSignal();
  const relay = await startRelay({
    ...where,
    limits: unwrap(limitsFromEnvironment(env)),
    allowedOrigins: (env['COMMONPLACE_RELAY_ORIGINS'] ?? '').split(',').filter(Boolean),
    isBehindProxy: env['COMMONPLACE_RELAY_BEHIND_PROXY'] === '1',
  });
  console.log(
    json
      ? JSON.stringify({ ready: true, url: relay.url, http: relay.http })
      : `The relay listens on ${relay.url} (${relay.http} for people) and keeps its data in ${where.dataDir}.`,
  );
  await stopped;
  await relay.close();
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
