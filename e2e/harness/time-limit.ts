/** Minutes that what has begun may take beyond the limit, where it can be stopped at any time. */
const GRACE_MINUTES = 10;

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
    private readonly grace = GRACE_MINUTES,
  ) {
    this.started = now();
  }

  /** Why nothing more is begun, once that is so. */
  public get reached(): string | undefined {
    const left = this.millisecondsLeft(0);
    if (left === undefined || left > 0) return undefined;
    return `no time: this run begins nothing after ${this.minutes} minutes (--minutes)`;
  }

  /** Calls back once the limit and the grace are over; a function that calls that off. */
  public onOver(stop: (why: string) => void): () => void {
    const left = this.millisecondsLeft(this.grace);
    if (left === undefined) return () => {};
    const why = `no time: it still ran ${this.grace} minutes after the ${this.minutes} of this run (--minutes)`;
    const timer = setTimeout(() => stop(why), Math.max(0, left));
    return () => clearTimeout(timer);
  }

  private millisecondsLeft(graceMinutes: number): number | undefined {
    return this.minutes === undefined ? undefined : this.started + (this.minutes + graceMinutes) * 60_000 - this.now();
  }
}
