/** What became of a step. */
export interface LiveStep {
  readonly title: string;
  readonly outcome: "passed" | "failed" | "not run";
  readonly seconds: number;
  /** What was seen, or why not. */
  readonly detail: string;
}

/** The step was not possible here, and why. */
export class NotPossible extends Error {}

/** Carries out steps until time is over or somebody interrupts, and remembers what became of each. */
export class LiveRun {
  public readonly steps: LiveStep[] = [];
  private stopped: string | undefined;

  /**
   * @param deadline Milliseconds of {@link now} after which nothing but clearing away is begun.
   * @param say Told what is being done.
   */
  public constructor(
    private readonly deadline: number,
    private readonly say: (text: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** From now on only what must happen happens. The first reason counts. */
  public stop(reason: string): void {
    this.stopped ??= reason;
  }

  public get failed(): boolean {
    return this.steps.some(({ outcome }) => outcome === "failed");
  }

  /**
   * @param work Returns what was seen.
   * @param always Also where something failed before, time is over, or somebody interrupted.
   */
  public async step(title: string, work: () => Promise<string>, { always = false } = {}): Promise<boolean> {
    const began = this.now();
    if (began > this.deadline) this.stop("the time is over");
    if (this.failed) this.stop("an earlier step failed");
    if (this.stopped !== undefined && !always) return this.note(title, "not run", began, this.stopped);
    this.say(`${title} …`);
    try {
      return this.note(title, "passed", began, await work());
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return this.note(title, error instanceof NotPossible ? "not run" : "failed", began, detail);
    }
  }

  private note(title: string, outcome: LiveStep["outcome"], began: number, detail: string): boolean {
    const seconds = Math.round((this.now() - began) / 1000);
    this.steps.push({ title, outcome, seconds, detail });
    this.say(
      `${outcome === "passed" ? "✓" : outcome === "failed" ? "✗" : "-"} ${title} (${seconds} s)${detail ? `: ${detail.split("\n")[0]}` : ""}`,
    );
    return outcome === "passed";
  }
}
