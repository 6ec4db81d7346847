// A few small values that must outlive the node's process but not the browser's: the person's unanswered
// questions and the tabs that agents hold. Never authority itself, which is in the log.

export interface SessionStore {
  /** Undefined when there is none. What comes back must be parsed: an older version may have written it. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}
