/** Something that real nodes need and that is not there. */
export interface Missing {
  readonly what: string;
  /** What to do about it, in one line. */
  readonly remedy: string;
}

/** Real nodes cannot be had on this machine, or not as things stand. What depends on them is not run. */
export class RealNodesUnavailable extends Error {
  public constructor(public readonly missing: readonly Missing[]) {
    super(["real nodes cannot be had:", ...missing.map(({ what, remedy }) => `  ${what}; ${remedy}`)].join("\n"));
    this.name = "RealNodesUnavailable";
  }
}
