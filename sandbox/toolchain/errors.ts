/** A part of the toolchain cannot be had. The message names the part, the reason and the remedy. */
export class ToolchainError extends Error {
  public constructor(
    what: string,
    reason: string,
    /** What the user can do, in the imperative. */
    public readonly remedy: string,
  ) {
    super(`${what}: ${reason}; ${remedy}`);
    this.name = "ToolchainError";
  }
}
