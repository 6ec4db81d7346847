// The lockfile installs anywhere: from any registry, on every platform that its packages know.
import { z } from 'zod';
import type { Offence, Tree } from './tree.ts';

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

/** A lockfile that names hosts ties everyone to the registry of whoever wrote it. */
export function registryHosts(tree: Tree): Offence[] {
  const text = tree.get('package-lock.json') ?? '';
  if (!text.includes('"resolved"')) return [];
  return [
    'package-lock.json: names a registry ("resolved"); keep omit-lockfile-registry-resolved in .npmrc and run npm install',
  ];
}

/** npm leaves out what a registry did not have when the lockfile was written, and `npm ci` then refuses everywhere. */
export function lockfileGaps(tree: Tree): Offence[] {
  const text = tree.get('package-lock.json');
  if (text === undefined) return [];
  const { packages } = lockfile.parse(JSON.parse(text));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map(
        (name) =>
          `package-lock.json: ${path} wants ${name}, which is not locked; take a version of it that is whole`,
      ),
  );
}

/** Looked for as Node.js does: beside the package, then beside each package around it. */
function isLocked(packages: object, path: string, name: string): boolean {
  const around = path.split('/node_modules/').map((_, depth, parts) => {
    return parts.slice(0, parts.length - depth).join('/node_modules/');
  });
  return [...around, ''].some((place) =>
    Object.hasOwn(packages, `${place === '' ? '' : `${place}/`}node_modules/${name}`),
  );
}
