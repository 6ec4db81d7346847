// What can be built, from what, and where it goes.
import { inRoot } from '../root.ts';

export const TARGETS = ['chrome-mv3', 'firefox-mv3', 'bin'] as const;

export type Target = (typeof TARGETS)[number];
export type ExtensionTarget = Exclude<Target, 'bin'>;

const EVERY_BUILD = ['lib', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build'];
const EXTENSION = ['entrypoints', 'components', 'assets', 'public', 'wxt.config.ts'];

/** Files and folders, relative to the root, whose content decides what a build gives. */
export function inputsOf(target: Target): readonly string[] {
  return target === 'bin' ? [...EVERY_BUILD, 'bridge', 'relay'] : [...EVERY_BUILD, ...EXTENSION];
}

export function outputOf(target: Target): string {
  return inRoot('.output', target);
}

export const PROGRAM = inRoot('.output', 'bin', 'commonplace.mjs');
