import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";

/** Where GKE takes new versions from. */
export type ReleaseChannel = "RAPID" | "REGULAR" | "STABLE" | "EXTENDED" | "UNSPECIFIED";

/** When GKE may work on the cluster by itself. */
export interface MaintenanceWindow {
  /** Start of the first window, RFC 3339 in UTC: `2026-01-03T06:00:00Z`. Its time of day is that of all windows. */
  readonly startTime: string;

  /** Length of each window in hours, 4 to 24. */
  readonly hours: number;

  /** When it recurs, as in RFC 5545: `FREQ=DAILY`, `FREQ=WEEKLY;BYDAY=SA,SU`. Days are days in UTC. */
  readonly recurrence: string;
}

/** When GKE may not work on the cluster by itself, within a maintenance window or not. */
export interface MaintenanceExclusion {
  /** Name, unique in the cluster. */
  readonly name: string;

  /** Start, RFC 3339 in UTC: `2026-12-20T00:00:00Z`. */
  readonly startTime: string;

  /** End, RFC 3339 in UTC. */
  readonly endTime: string;

  /**
   * What is put off: everything (at most 90 days, three such exclusions), minor versions, or minor versions and
   * everything on nodes.
   *
   * @default "NO_UPGRADES"
   */
  readonly scope?: "NO_UPGRADES" | "NO_MINOR_UPGRADES" | "NO_MINOR_OR_NODE_UPGRADES";
}

/** Versions, and when they may change. */
export interface MaintenanceOptions {
  /**
   * Where new versions come from. `UNSPECIFIED` is no channel: GKE still upgrades, with less say for you.
   *
   * @default "REGULAR"
   */
  readonly releaseChannel?: ReleaseChannel;

  /**
   * Lowest version of the control plane: `1.34`, `1.34.1` or `1.34.1-gke.1829001`. GKE may run a higher one.
   *
   * @default - the channel's default version
   */
  readonly minVersion?: string;

  /**
   * When GKE may upgrade. Together at least 48 hours in any 32 days, in windows of at least 4 hours.
   *
   * @default - Saturdays and Sundays from 06:00 to 14:00 UTC, which is a weekend from San Francisco to Tokyo
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * When GKE may not, at most 20. A critical security fix may come nevertheless.
   *
   * @default - none
   */
  readonly maintenanceExclusions?: readonly MaintenanceExclusion[];
}

export const DEFAULT_RELEASE_CHANNEL: ReleaseChannel = "REGULAR";
export const DEFAULT_MAINTENANCE_WINDOW: MaintenanceWindow = {
  startTime: "2026-01-03T06:00:00Z",
  hours: 8,
  recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};
export const HOUR_MS = 3_600_000;

/** Options to the cluster's attributes. */
export function maintenanceConfig(options: MaintenanceOptions): Partial<ContainerClusterConfig> {
  const window = options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW;
  return {
    releaseChannel: { channel: options.releaseChannel ?? DEFAULT_RELEASE_CHANNEL },
    minMasterVersion: options.minVersion,
    maintenancePolicy: {
      recurringWindow: {
        startTime: window.startTime,
        endTime: rfc3339(Date.parse(window.startTime) + window.hours * HOUR_MS),
        recurrence: window.recurrence,
      },
      maintenanceExclusion: options.maintenanceExclusions?.map(({ name, startTime, endTime, scope }) => ({
        exclusionName: name,
        startTime,
        endTime,
        // Always given: the API answers with it even where it was left out.
        exclusionOptions: { scope: scope ?? "NO_UPGRADES" },
      })),
    },
  };
}

/** As the API writes it, so that no plan shows a change. */
function rfc3339(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
