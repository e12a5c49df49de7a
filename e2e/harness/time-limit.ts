/**
 * When a run begins nothing more: what has begun ends, the rest is reported as not run. So a machine that is slow today
 * shows less, instead of nothing because something else ended the run.
 */
export class TimeLimit {
  private readonly started: number;

  /** @param minutes of the whole run. @default no limit */
  public constructor(
    private readonly minutes?: number,
    private readonly now: () => number = Date.now,
  ) {
    this.started = now();
  }

  /** Why nothing more is begun, once that is so. */
  public get reached(): string | undefined {
    if (this.minutes === undefined || this.now() - this.started < this.minutes * 60_000) return undefined;
    return `no time: this run begins nothing after ${this.minutes} minutes (--minutes)`;
  }
}
