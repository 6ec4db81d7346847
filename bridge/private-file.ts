// 32 random bytes in a file that only its owner can read, made once by whoever comes first.
import { randomBytes } from 'node:crypto';
import { link, lstat, readFile, unlink, writeFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../lib/wire/failure.ts';
import { checkPrivate } from './home.ts';

const SECRET_BYTES = 32;

/** Failures: `permission_denied` for a loose file, `malformed` for one of another size, `unavailable`. */
export async function secretAt(path: string): Promise<Result<Buffer>> {
  try {
    return (await readSecret(path)) ?? (await makeSecret(path));
  } catch (error) {
    return fail(
      'unavailable',
      `${path} cannot be read or made: ${String(error)}`,
      'Check the disk.',
    );
  }
}

async function readSecret(path: string): Promise<Result<Buffer> | null> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return null;
  const privacy = checkPrivate(path, stats, 'file');
  if (!privacy.ok) return privacy;
  const secret = await readFile(path);
  if (secret.length === SECRET_BYTES) return ok(secret);
  return fail(
    'malformed',
    `${path} does not hold ${SECRET_BYTES} bytes.`,
    'Delete it; it is made again.',
  );
}

/** A link appears whole or not at all, and does not replace what another process just made. */
async function makeSecret(path: string): Promise<Result<Buffer>> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(SECRET_BYTES), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await unlink(draft);
  }
  const made = await readSecret(path);
  return made ?? fail('unavailable', `${path} was taken away while it was made.`, 'Try again.');
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
