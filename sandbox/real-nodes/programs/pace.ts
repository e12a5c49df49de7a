import { cpus, loadavg } from "node:os";

/** The longest pause in milliseconds, so that a gap of seconds is still seen. */
const LONGEST = 1_000;

/**
 * Milliseconds between two things that a program of the tests does again and again. On a busy machine it does them less often, so
 * that it is not what keeps the agents that it watches from working.
 *
 * @param interval The same where the machine has time to spare.
 * @param waiting How many programs want to run, for each processor. @default those of the last minute
 */
export function pauseOf(interval: number, waiting = (loadavg()[0] ?? 0) / cpus().length): number {
  return Math.max(interval, Math.min(interval * waiting, LONGEST));
}
