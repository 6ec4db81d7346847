// Whether a build is still what its inputs would give: a digest of their content, kept inside the output so
// that whoever empties the output also forgets the digest.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from '../root.ts';
import { inputsOf, outputOf, type Target } from './targets.ts';

const MARK = '.built-from';

export async function inputDigest(target: Target): Promise<string> {
  const files = (await Promise.all(inputsOf(target).map(filesUnder))).flat().toSorted();
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${file}\0`)
      .update(await readFile(inRoot(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The path itself for a file, every file below it for a folder, nothing for what is not there. */
async function filesUnder(path: string): Promise<string[]> {
  try {
    const entries = await readdir(inRoot(path), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(inRoot().length));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}

export async function isBuiltFrom(target: Target, digest: string): Promise<boolean> {
  return (await readFile(join(outputOf(target), MARK), 'utf8').catch(() => '')) === digest;
}

export async function markBuiltFrom(target: Target, digest: string): Promise<void> {
  await writeFile(join(outputOf(target), MARK), digest);
}
