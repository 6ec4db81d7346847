// What the extension's own pages see of a browser that is a copy of another one, or has one.

/** Another browser works, or worked, with a copy of this one. */
export interface CopyView {
  /**
   * `elsewhere`: it is at work now; `set_aside`: its work goes on, and what was written here was set aside; `taken_back`:
   * a device of this person that had the same keys has new ones; `renewed`: this one has, from its next start.
   */
  readonly kind: 'elsewhere' | 'set_aside' | 'taken_back' | 'renewed';
  /** Changes that were set aside. */
  readonly count: number;
  /** There is no sign of another one now, so this browser may go on as it is. */
  readonly mayGoOn: boolean;
}
