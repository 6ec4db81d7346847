// Where a space comes from that did not begin in this browser, as its pages show it.

export interface ArchiveView {
  readonly exportedAt: number;
  /** Name of the person whose browser made the file. */
  readonly by: string;
}

export interface OriginView {
  readonly name: string;
  /** When the newest thing that was brought over had been written. */
  readonly asOf: number;
}
