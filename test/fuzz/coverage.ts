// Which exports of lib/wire take in something from outside: functions by their names, and shapes as values.
import { sourcesOf, type Tree } from '../house/tree.ts';

const READER = /^export (?:async )?(?:function|const) ((?:decode|parse|read|from)[A-Z]\w*)/gm;
const SHAPE = /^export const (\w+)\s*=\s*z\b/gm;
/** Called otherwise, and still readers. */
const OTHERS = [
  'createExportReader',
  'createPieceJoiner',
  'isInviteAddress',
  'pageAddress',
  'pageRequestOf',
  'printable',
  'relayAddress',
];

/** What the registry has to cover. */
export function readersOf(tree: Tree): string[] {
  const texts = sourcesOf(tree).filter(([path]) => path.startsWith('lib/wire/'));
  const found = texts.flatMap(([, text]) =>
    [READER, SHAPE].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name)),
  );
  return [...new Set([...found, ...OTHERS])].toSorted();
}
