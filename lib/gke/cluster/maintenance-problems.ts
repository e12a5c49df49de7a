import { isKnown, type Problem } from "../../validation";
import { DEFAULT_MAINTENANCE_WINDOW, HOUR_MS, type MaintenanceExclusion, type MaintenanceOptions } from "./maintenance";
import { parseRecurrence } from "./recurrence";

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const VERSION = /^1\.\d+(\.\d+(-gke\.\d+)?)?$/;
const DAY_MS = 24 * HOUR_MS;

/** https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions */
const MIN_WINDOW_HOURS = 4;
const MAX_WINDOW_HOURS = 24;
const MIN_HOURS_AVAILABLE = 48;
/** Rolling period without exclusions: GKE's older and stricter figure, which also keeps patches timely. */
const PERIOD_DAYS = 32;
/** Rolling period that exclusions of everything must leave maintenance in. */
const PERIOD_WITH_EXCLUSIONS_DAYS = 92;
const MAX_EXCLUSIONS = 20;
const MAX_FULL_EXCLUSIONS = 3;
const MAX_FULL_EXCLUSION_DAYS = 90;
/** Long enough for every pattern of weeks and months to show. */
const CALENDAR_DAYS = 800;

/** What is wrong with versions and maintenance. */
export function maintenanceProblems(options: MaintenanceOptions): Problem[] {
  return [
    ...versionProblems(options),
    ...windowProblems(options),
    ...exclusionProblems(options),
    ...availabilityProblems(options),
  ];
}

function versionProblems({ minVersion }: MaintenanceOptions): Problem[] {
  if (!isKnown(minVersion) || VERSION.test(minVersion)) return [];
  return [
    {
      property: "minVersion",
      value: minVersion,
      rule: "is not a GKE version",
      remedy: "give one such as 1.34, 1.34.1 or 1.34.1-gke.1829001",
    },
  ];
}

function isTime(text: string): boolean {
  return RFC3339.test(text) && !Number.isNaN(Date.parse(text));
}

function timeProblems(property: string, value: string): Problem[] {
  if (!isKnown(value) || isTime(value)) return [];
  return [{ property, value, rule: "is not a time in UTC", remedy: "give one such as 2026-01-03T06:00:00Z" }];
}

function windowProblems({ maintenanceWindow: window }: MaintenanceOptions): Problem[] {
  if (!isKnown(window)) return [];
  const problems = timeProblems("maintenanceWindow.startTime", window.startTime);
  const { hours, recurrence } = window;
  if (isKnown(hours) && !(hours >= MIN_WINDOW_HOURS && hours <= MAX_WINDOW_HOURS)) {
    problems.push({
      property: "maintenanceWindow.hours",
      value: hours,
      rule: `is not between ${MIN_WINDOW_HOURS} and ${MAX_WINDOW_HOURS}; GKE counts no shorter window`,
      remedy: "choose another length",
    });
  }
  if (isKnown(recurrence)) {
    const parsed = parseRecurrence(recurrence, 0);
    if (typeof parsed === "object" && "fault" in parsed) {
      problems.push({
        property: "maintenanceWindow.recurrence",
        value: recurrence,
        rule: parsed.fault,
        remedy: "give a rule such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=SA,SU",
      });
    }
  }
  return problems;
}

function exclusionProblems({ maintenanceExclusions: exclusions, releaseChannel }: MaintenanceOptions): Problem[] {
  if (!isKnown(exclusions)) return [];
  const problems: Problem[] = [];
  const full = exclusions.filter(isFull);
  for (const [count, most, what] of [
    [exclusions.length, MAX_EXCLUSIONS, "exclusions"],
    [full.length, MAX_FULL_EXCLUSIONS, "exclusions of all upgrades"],
  ] as const) {
    if (count <= most) continue;
    problems.push({
      property: "maintenanceExclusions",
      value: `${count} ${what}`,
      rule: `exceeds the ${most} that GKE takes`,
      remedy: "remove those that are over",
    });
  }
  exclusions.forEach((exclusion, index) => {
    const at = `maintenanceExclusions[${index}]`;
    const { name, startTime, endTime, scope } = exclusion;
    problems.push(...timeProblems(`${at}.startTime`, startTime), ...timeProblems(`${at}.endTime`, endTime));
    if (isKnown(name) && exclusions.findIndex((other) => other.name === name) !== index) {
      problems.push({ property: `${at}.name`, value: name, rule: "is there twice", remedy: "choose another name" });
    }
    if (!isFull(exclusion) && releaseChannel === "UNSPECIFIED") {
      problems.push({
        property: `${at}.scope`,
        value: scope,
        rule: "needs a release channel",
        remedy: "choose a release channel, or exclude NO_UPGRADES",
      });
    }
    if (!isTime(startTime) || !isTime(endTime)) return;
    const days = (Date.parse(endTime) - Date.parse(startTime)) / DAY_MS;
    if (days <= 0) {
      problems.push({
        property: `${at}.endTime`,
        value: endTime,
        rule: `is not after 'startTime' (${startTime})`,
        remedy: "choose a later end",
      });
    } else if (isFull(exclusion) && days > MAX_FULL_EXCLUSION_DAYS) {
      problems.push({
        property: `${at}.endTime`,
        value: endTime,
        rule: `makes it ${Math.ceil(days)} days long where GKE takes ${MAX_FULL_EXCLUSION_DAYS}`,
        remedy: "shorten it, or exclude NO_MINOR_OR_NODE_UPGRADES",
      });
    }
  });
  return problems;
}

function isFull({ scope }: MaintenanceExclusion): boolean {
  return scope === undefined || scope === "NO_UPGRADES";
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

/** GKE refuses a policy that leaves too little time for upgrades. */
function availabilityProblems(options: MaintenanceOptions): Problem[] {
  const window = options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW;
  const exclusions = options.maintenanceExclusions ?? [];
  const { startTime, hours, recurrence } = window;
  if (!isKnown(startTime) || !isKnown(hours) || !isKnown(recurrence) || !isKnown(exclusions)) return [];
  if (!isTime(startTime) || !(hours >= MIN_WINDOW_HOURS && hours <= MAX_WINDOW_HOURS)) return [];
  const firstDay = Math.floor(Date.parse(startTime) / DAY_MS);
  const rule = parseRecurrence(recurrence, firstDay);
  if (rule === "unsupported" || "fault" in rule) return [];

  const full = exclusions.filter((one) => isFull(one) && isTime(one.startTime) && isTime(one.endTime)).map(toInterval);
  const windowsFrom = (day: number) => {
    const timeOfDay = Date.parse(startTime) % DAY_MS;
    return Array.from({ length: CALENDAR_DAYS }, (_, index) => day + index)
      .filter((each) => rule.includes(each))
      .map((each) => ({ start: each * DAY_MS + timeOfDay, end: each * DAY_MS + timeOfDay + hours * HOUR_MS }));
  };

  const problems: Problem[] = [];
  const alone = leastHours(windowsFrom(firstDay), PERIOD_DAYS);
  if (alone < MIN_HOURS_AVAILABLE) {
    problems.push({
      property: "maintenanceWindow",
      value: `${recurrence}, ${hours} h`,
      rule: `leaves ${round(alone)} hours in some ${PERIOD_DAYS} days where GKE requires ${MIN_HOURS_AVAILABLE}`,
      remedy: "lengthen the window or add days, as in FREQ=WEEKLY;BYDAY=SA,SU",
    });
  } else if (full.length > 0) {
    const from = Math.floor(Math.min(...full.map(({ start }) => start)) / DAY_MS) - PERIOD_WITH_EXCLUSIONS_DAYS;
    const left = leastHours(subtract(windowsFrom(from), full), PERIOD_WITH_EXCLUSIONS_DAYS);
    if (left < MIN_HOURS_AVAILABLE) {
      problems.push({
        property: "maintenanceExclusions",
        value: exclusions.map(({ name }) => name),
        rule: `leave ${round(left)} hours for maintenance in some ${PERIOD_WITH_EXCLUSIONS_DAYS} days where GKE requires ${MIN_HOURS_AVAILABLE}`,
        remedy: "shorten them, or lengthen the maintenance window",
      });
    }
  }
  return problems;
}

function toInterval({ startTime, endTime }: MaintenanceExclusion): Interval {
  return { start: Date.parse(startTime), end: Date.parse(endTime) };
}

/** What is left of the windows, without pieces that GKE does not count. */
function subtract(windows: readonly Interval[], holes: readonly Interval[]): Interval[] {
  return holes
    .reduce<readonly Interval[]>(
      (rest, hole) =>
        rest.flatMap((window) => [
          { start: window.start, end: Math.min(window.end, hole.start) },
          { start: Math.max(window.start, hole.end), end: window.end },
        ]),
      windows,
    )
    .filter(({ start, end }) => end - start >= MIN_WINDOW_HOURS * HOUR_MS);
}

/** Fewest hours of windows that lie wholly within any period, of the periods that begin at the end of a window. */
function leastHours(windows: readonly Interval[], periodDays: number): number {
  let least = Number.POSITIVE_INFINITY;
  let hours = 0;
  let next = 1;
  for (const [index, { end: from }] of windows.entries()) {
    const to = from + periodDays * DAY_MS;
    // A window leaves the sum when a period begins at its end.
    if (index > 0) hours -= lengthOf(windows[index]);
    for (; next < windows.length && (windows[next] as Interval).end <= to; next++) hours += lengthOf(windows[next]);
    if (next === windows.length) break;
    least = Math.min(least, hours);
  }
  // So few windows that no whole period lies between them.
  return Number.isFinite(least) ? least : 0;
}

function lengthOf(interval: Interval | undefined): number {
  return interval ? (interval.end - interval.start) / HOUR_MS : 0;
}

function round(hours: number): number {
  return Math.floor(hours * 10) / 10;
}
