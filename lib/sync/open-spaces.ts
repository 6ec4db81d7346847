// The spaces of one session: who of the two has shown a ticket for which, and what flows by that.
import { toHex } from '../wire/bytes.ts';
import type { Exchange } from './exchange-contract.ts';

export interface OpenSpace {
  readonly bytes: Uint8Array;
  readonly exchange: Exchange;
  /** We showed our ticket. */
  offered: boolean;
  /** The other showed a good one. */
  admitted: boolean;
}

export interface OpenSpaces {
  readonly size: number;
  /** The space, with a new exchange when it was not there. */
  obtain(bytes: Uint8Array): OpenSpace;
  get(id: string): OpenSpace | undefined;
  /** The space if it flows in both directions. */
  flowing(id: string): OpenSpace | undefined;
  allFlowing(): OpenSpace[];
  delete(id: string): void;
  /** Lets all of them go. */
  close(): void;
}

export function createOpenSpaces(
  newExchange: (space: Uint8Array) => Exchange,
  flows: (space: OpenSpace) => boolean,
): OpenSpaces {
  const spaces = new Map<string, OpenSpace>();
  return {
    get size() {
      return spaces.size;
    },
    obtain: (bytes) => {
      const id = toHex(bytes);
      const known = spaces.get(id);
      if (known !== undefined) return known;
      const space = { bytes, exchange: newExchange(bytes), offered: false, admitted: false };
      spaces.set(id, space);
      return space;
    },
    get: (id) => spaces.get(id),
    flowing: (id) => {
      const space = spaces.get(id);
      return space !== undefined && flows(space) ? space : undefined;
    },
    allFlowing: () => [...spaces.values()].filter(flows),
    delete: (id) => {
      spaces.get(id)?.exchange.close();
      spaces.delete(id);
    },
    close: () => {
      for (const { exchange } of spaces.values()) exchange.close();
    },
  };
}
