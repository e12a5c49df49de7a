import type { HelmValues } from "../../helm";
import { type CheckTable, number, withOtherNames } from "../../validation";

/**
 * Answers to ARP for addresses of Services, by one node each, elected by a lease. On Google Cloud nothing ever asks: the VPC
 * routes and answers ARP itself. Refused there, unless the risk `l2-announcements` is accepted.
 *
 * @see https://docs.cilium.io/en/stable/network/l2-announcements/
 */
export interface L2AnnouncementOptions {
  /**
   * Seconds that others wait for the leader before one takes its place, at least 1.
   *
   * @default 15
   */
  readonly leaseDurationSeconds?: number;

  /**
   * Seconds in which the leader must have renewed, below the duration.
   *
   * @default 5
   */
  readonly leaseRenewDeadlineSeconds?: number;

  /**
   * Seconds between two tries, at most the deadline divided by 1.2.
   *
   * @default 2
   */
  readonly leaseRetryPeriodSeconds?: number;
}

/** What the options must look like. How they go together is judged in the merged values. */
export const L2_ANNOUNCEMENT_OPTIONS: CheckTable<L2AnnouncementOptions> = withOtherNames(
  {
    leaseDurationSeconds: number({ from: 1, remedy: "give a number of seconds, at least 1" }),
    leaseRenewDeadlineSeconds: number({ above: 0, remedy: "give a number of seconds" }),
    leaseRetryPeriodSeconds: number({ above: 0, remedy: "give a number of seconds, e.g. 0.2" }),
  },
  {
    enabled: "leave it out: the option itself switches it on",
    leaseDuration: "use leaseDurationSeconds, a number",
    leaseRenewDeadline: "use leaseRenewDeadlineSeconds, a number",
    leaseRetryPeriod: "use leaseRetryPeriodSeconds, a number",
  },
);

/** Values below `l2announcements`. */
export function l2AnnouncementValues(options: L2AnnouncementOptions | undefined): HelmValues {
  if (options === undefined) return {};
  return {
    l2announcements: {
      enabled: true,
      leaseDuration: duration(options.leaseDurationSeconds),
      leaseRenewDeadline: duration(options.leaseRenewDeadlineSeconds),
      leaseRetryPeriod: duration(options.leaseRetryPeriodSeconds),
    },
  };
}

/** As Go reads it: whole milliseconds, so that no fraction is lost. */
function duration(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${Math.round(seconds * 1000)}ms`;
}
