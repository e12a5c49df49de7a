import type { ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { Fn, Token } from "cdktf";
import {
  type CheckTable,
  decided,
  isKnown,
  listOf,
  nested,
  number,
  oneOf,
  required,
  text,
  textJudgedBy,
} from "../../validation";
import { anyText } from "../checks";
import type { EffectiveCluster } from "./effective";
import { parseRecurrence } from "./recurrence";

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

/** https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions */
export const MIN_WINDOW_HOURS = 4;
export const MAX_WINDOW_HOURS = 24;
const MAX_EXCLUSIONS = 20;

/** Whether a text is a time as the API writes it. */
export function isTime(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

const time = required(
  text({ matches: isTime, rule: "is not a time in UTC", remedy: "give one such as 2026-01-03T06:00:00Z" }),
  "give a time such as 2026-01-03T06:00:00Z",
);
const RULES = "give a rule such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=SA,SU";

/** The checks of these options, each by itself. */
export const MAINTENANCE: CheckTable<MaintenanceOptions> = {
  releaseChannel: oneOf(["RAPID", "REGULAR", "STABLE", "EXTENDED", "UNSPECIFIED"]),
  minVersion: text({
    matches: /^1\.\d+(\.\d+(-gke\.\d+)?)?$/,
    rule: "is not a GKE version",
    remedy: "give one such as 1.34, 1.34.1 or 1.34.1-gke.1829001",
  }),
  maintenanceWindow: nested<MaintenanceWindow>({
    startTime: time,
    hours: required(
      number({
        from: MIN_WINDOW_HOURS,
        to: MAX_WINDOW_HOURS,
        remedy: "choose another length; GKE counts no shorter window",
      }),
      "give the length in hours",
    ),
    recurrence: required(
      textJudgedBy((rule, property) => {
        const parsed = parseRecurrence(rule, 0);
        return typeof parsed === "object" && "fault" in parsed
          ? [{ property, value: rule, rule: parsed.fault, remedy: RULES }]
          : [];
      }, RULES),
      RULES,
    ),
  }),
  maintenanceExclusions: decided(
    listOf(
      nested<MaintenanceExclusion>({
        name: required(anyText, "give it a name of its own"),
        startTime: time,
        endTime: time,
        scope: oneOf(["NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"]),
      }),
      { most: MAX_EXCLUSIONS },
    ),
  ),
};

/** Options to the cluster's attributes. */
export function maintenanceConfig(options: EffectiveCluster): Partial<ContainerClusterConfig> {
  const window = options.maintenanceWindow;
  return {
    releaseChannel: { channel: options.releaseChannel },
    minMasterVersion: options.minVersion,
    maintenancePolicy: {
      recurringWindow: {
        startTime: window.startTime,
        endTime: endOf(window),
        recurrence: window.recurrence,
      },
      maintenanceExclusion:
        options.maintenanceExclusions.length === 0
          ? undefined
          : options.maintenanceExclusions.map(({ name, startTime, endTime, scope }) => ({
              exclusionName: name,
              startTime,
              endTime,
              // Always given: the API answers with it even where it was left out.
              exclusionOptions: { scope: scope ?? "NO_UPGRADES" },
            })),
    },
  };
}

/** When the first window ends; computed by Terraform where it decides when it starts or how long it is. */
function endOf({ startTime, hours }: MaintenanceWindow): string {
  if (!isKnown(startTime) || !isKnown(hours)) return Fn.timeadd(startTime, `${Token.asString(hours)}h`);
  // As the API writes it, so that no plan shows a change.
  return new Date(Date.parse(startTime) + hours * HOUR_MS).toISOString().replace(/\.\d+Z$/, "Z");
}
