// A deliberate fault in the code, put into one file as it is loaded. The simulation must find it.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { ROOT } from '../../scripts/root.ts';

export interface Mutant {
  readonly name: string;
  /** From the root, as in `lib/log/seal.ts`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** What keeps a mutant from being planted: code moves on, and the mutant must follow it. */
export function faultOf({ file, from, to }: Mutant): string | null {
  const count = readFileSync(`${ROOT}${file}`, 'utf8').split(from).length - 1;
  if (from === to) return 'changes nothing';
  return count === 1 ? null : `${file} holds its text ${count} times; it must be there once`;
}

/** Everything that this thread imports from now on has the fault in it. */
export function plant(mutant: Mutant): void {
  const fault = faultOf(mutant);
  if (fault !== null) throw new Error(`${mutant.name}: ${fault}`);
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.endsWith(`/${mutant.file}`)) return loaded;
      const text = readFileSync(new URL(url), 'utf8');
      const source = text.replace(mutant.from, () => mutant.to);
      return { ...loaded, source };
    },
  });
}
