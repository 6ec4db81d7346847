// Takes the home's socket for one host: waits for an earlier host to go, removes what a dead one left,
// and never takes the place of a living one.
import { chmod, open, stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok, type Result } from '../lib/wire/failure.ts';
import { chooseSocket } from './socket-path.ts';

/** A browser starts the next host before the last one has quite gone. */
const TAKE_OVER_MS = 3000;
const RETRY_MS = 20;
/** A lock this old was left by a host that died while it held it. */
const STALE_LOCK_MS = 1000;

/** Failures: `conflict` when another host lives, `unavailable`. */
export async function listenAt(
  home: string,
  onConnection: (socket: Socket) => void,
): Promise<Result<Server>> {
  const path = await chooseSocket(home);
  if (!path.ok) return path;
  const deadline = performance.now() + TAKE_OVER_MS;
  for (;;) {
    const taken = await withLock(home, () => tryListen(path.value, onConnection));
    if (taken !== null) return taken;
    if (performance.now() > deadline) return occupied(path.value);
    await sleep(RETRY_MS);
  }
}

/** Null when it should be tried again: someone else is at the socket, or holds the lock. */
async function tryListen(
  path: string,
  onConnection: (socket: Socket) => void,
): Promise<Result<Server> | null> {
  if (await answers(path)) return null;
  if (process.platform !== 'win32') await unlink(path).catch(() => {});
  return bind(path, onConnection);
}

/** What connecting says when nobody listens. Anything else may be a busy host, whose socket must stay. */
const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'];

/** Whether someone may be listening at a path. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', (error) => resolve(!NOBODY.includes(codeOf(error))));
  });
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function bind(path: string, onConnection: (socket: Socket) => void): Promise<Result<Server>> {
  return new Promise((resolve) => {
    const server = createServer(onConnection);
    server.once('error', (error) =>
      resolve(fail('unavailable', `The socket ${path} cannot be made: ${String(error)}`, CHECK)),
    );
    const umask = process.umask(0o177);
    server.listen(path, () => void ownerOnly(path).then(() => resolve(ok(server))));
    process.umask(umask);
  });
}

const CHECK = 'Check that the directory exists and that the disk has room.';

async function ownerOnly(path: string): Promise<void> {
  if (process.platform !== 'win32') await chmod(path, 0o600);
}

/** Runs alone among the hosts of a home: two of them must not remove each other's sockets. */
async function withLock<T>(home: string, run: () => Promise<T | null>): Promise<T | null> {
  const path = join(home, 'host.lock');
  const handle = await open(path, 'wx', 0o600).catch(() => null);
  if (handle === null) {
    await removeStale(path);
    return null;
  }
  try {
    return await run();
  } finally {
    await handle.close();
    await unlink(path).catch(() => {});
  }
}

async function removeStale(path: string): Promise<void> {
  const stats = await stat(path).catch(() => null);
  if (stats !== null && Date.now() - stats.mtimeMs > STALE_LOCK_MS)
    await unlink(path).catch(() => {});
}

function occupied(path: string): Result<never> {
  return fail(
    'conflict',
    `Another browser or program already answers at ${path}.`,
    'Close the other browser, or give each browser its own --home when you run “commonplace install”.',
  );
}
