// Our figures by those of peers from the same run: unlike times, such ratios compare between machines.
import type { Figure } from './figure.ts';
import { median } from './table.ts';

/** What the names of figures begin with: what one call shows, and the page whole, which a peer's one call shows. */
export const LOOK = 'snapshot, ';
export const WHOLE = 'everything, ';

/** What was measured of one harness. */
export interface Measured {
  readonly name: string;
  readonly figures: readonly Figure[];
}

/** One ratio for each figure that a peer has too. */
export function ratiosOf(ours: Measured, peers: readonly Measured[]): Figure[] {
  return peers.flatMap((peer) =>
    ours.figures.flatMap((figure) => {
      const theirs = peer.figures.find(
        ({ name, unit }) => isLike(figure.name, name) && unit === figure.unit,
      );
      return theirs === undefined ? [] : [ratio(figure, theirs, peer.name)];
    }),
  );
}

function isLike(ours: string, theirs: string): boolean {
  return ours === theirs || (ours.startsWith(WHOLE) && ours.replace(WHOLE, LOOK) === theirs);
}

function ratio(ours: Figure, theirs: Figure, peer: string): Figure {
  const name = `ours by ${peer}: ${ours.name}, ${ours.unit}`;
  return { name, unit: 'ratio', values: [median(ours.values) / median(theirs.values)] };
}
