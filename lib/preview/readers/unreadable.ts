/** An input that cannot be read: never taken for "no changes". */
export class UnreadableError extends Error {
  public constructor(
    /** The file, or what stands for it. */
    public readonly source: string,
    problem: string,
    remedy: string,
  ) {
    super(`${source}: ${problem}; ${remedy}`);
    this.name = "UnreadableError";
  }
}
