// Where the host listens. Socket paths are short (108 bytes on Linux, 104 on macOS), so a long home keeps
// its socket in a private directory under the system's temporary one and writes down where.
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../lib/wire/failure.ts';
import { checkPrivate } from './home.ts';

const MAX_PATH_BYTES = 100;
const SOCKET_NAME = 'agent.sock';

/** Where agents look for the host of a home; null while a home with a long path has none yet. */
export async function findSocket(home: string): Promise<string | null> {
  if (process.platform === 'win32') return pipeName(home);
  const direct = join(home, SOCKET_NAME);
  return fits(direct) ? direct : recorded(home);
}

/** Where the host of a home shall listen; makes the short directory when it is needed. */
export async function chooseSocket(home: string): Promise<Result<string>> {
  const found = await findSocket(home);
  return found === null ? shortDirectory(home) : ok(found);
}

function pipeName(home: string): string {
  return `\\\\.\\pipe\\commonplace-${createHash('sha256').update(home).digest('hex').slice(0, 32)}`;
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_PATH_BYTES;
}

async function recorded(home: string): Promise<string | null> {
  try {
    const path = (await readFile(recordOf(home), 'utf8')).trim();
    const directory = dirname(path);
    const isPrivate = checkPrivate(directory, await lstat(directory), 'directory').ok;
    return isPrivate && fits(path) ? path : null;
  } catch {
    return null;
  }
}

async function shortDirectory(home: string): Promise<Result<string>> {
  const base = fits(join(tmpdir(), 'commonplace-XXXXXX', SOCKET_NAME)) ? tmpdir() : '/tmp';
  try {
    const path = join(await mkdtemp(join(base, 'commonplace-')), SOCKET_NAME);
    await writeFile(`${recordOf(home)}.new`, path, { mode: 0o600 });
    await rename(`${recordOf(home)}.new`, recordOf(home));
    return ok(path);
  } catch (error) {
    return fail(
      'unavailable',
      `${home} is too long for a socket, and none can be made under ${base}: ${String(error)}`,
      'Choose a home with a shorter path with --home.',
    );
  }
}

function recordOf(home: string): string {
  return join(home, 'socket');
}
