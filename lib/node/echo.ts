// Tells what this node has said of its presence from what another browser says with the same key.

export interface Echo {
  said(at: number): void;
  /** Whether a word of this device's presence, made at that time, is another browser's. */
  isOther(at: number): boolean;
}

const REMEMBERED = 200;

/** Words from before the node started may be its own, said before a restart. */
export function createEcho(startedAt: number): Echo {
  const said = new Set<number>();
  return {
    said: (at) => {
      said.add(at);
      const [oldest] = said;
      if (said.size > REMEMBERED && oldest !== undefined) said.delete(oldest);
    },
    isOther: (at) => at > startedAt && !said.has(at),
  };
}
