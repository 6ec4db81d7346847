// A rate limit with room for bursts: tokens drip in steadily up to a capacity, and what is done takes some out.

export interface TokenBucket {
  /** Takes the tokens if they are there. */
  take(cost?: number): boolean;
  /** Takes them in any case and says how long to wait until the debt is paid. */
  borrow(cost: number): number;
  isFull(): boolean;
}

export interface BucketRate {
  readonly perSecond: number;
  readonly capacity: number;
}

export function createTokenBucket(
  { perSecond, capacity }: BucketRate,
  nowMs: () => number = () => performance.now(),
): TokenBucket {
  let tokens = capacity;
  let filledAtMs = nowMs();

  function fill(): void {
    const now = nowMs();
    tokens = Math.min(capacity, tokens + ((now - filledAtMs) / 1000) * perSecond);
    filledAtMs = now;
  }

  return {
    take(cost = 1) {
      fill();
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
    borrow(cost) {
      fill();
      tokens -= cost;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
    isFull() {
      fill();
      return tokens >= capacity;
    },
  };
}
