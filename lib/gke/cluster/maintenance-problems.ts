import { isKnown, type Problem } from "../../validation";
import type { EffectiveCluster } from "./effective";
import { HOUR_MS, isTime, MAX_WINDOW_HOURS, type MaintenanceExclusion, MIN_WINDOW_HOURS } from "./maintenance";
import { parseRecurrence } from "./recurrence";

const DAY_MS = 24 * HOUR_MS;

/** https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions */
const MIN_HOURS_AVAILABLE = 48;
/** Rolling period without exclusions: GKE's older and stricter figure, which also keeps patches timely. */
const PERIOD_DAYS = 32;
/** Rolling period that exclusions of everything must leave maintenance in. */
const PERIOD_WITH_EXCLUSIONS_DAYS = 92;
const MAX_FULL_EXCLUSIONS = 3;
const MAX_FULL_EXCLUSION_DAYS = 90;
/** Long enough for every pattern of weeks and months to show. */
const CALENDAR_DAYS = 800;

/** What is wrong with when GKE may upgrade. */
export function maintenanceProblems(cluster: EffectiveCluster): Problem[] {
  return [...exclusionProblems(cluster), ...availabilityProblems(cluster)];
}

/**
 * Where the CNI is the author's own, a minor of GKE that it was not tested with may come by itself in any window, as in
 * cilium#47884. A warning and no default: an exclusion needs two dates, and dates that a library chose would run out
 * unseen; `UNTIL_END_OF_SUPPORT` is not to be had with this provider version.
 */
export function minorUpgradeWarnings(
  { releaseChannel, maintenanceExclusions }: EffectiveCluster,
  managed: boolean,
): Problem[] {
  if (managed || releaseChannel === "UNSPECIFIED" || !isKnown(maintenanceExclusions)) return [];
  if (maintenanceExclusions.some(({ scope }) => scope?.startsWith("NO_MINOR"))) return [];
  return [
    {
      property: "maintenanceExclusions",
      rule: "keep no minor version of GKE back, so that one may come by itself that your version of Cilium was not tested with",
      remedy:
        'add { name, startTime, endTime, scope: "NO_MINOR_UPGRADES" } up to the end of the minor\'s support, and upgrade by hand before: docs/upgrade.md',
    },
  ];
}

function exclusionProblems({ maintenanceExclusions: exclusions, releaseChannel }: EffectiveCluster): Problem[] {
  if (!isKnown(exclusions)) return [];
  const problems: Problem[] = [];
  const full = exclusions.filter(isFull);
  if (full.length > MAX_FULL_EXCLUSIONS)
    problems.push({
      property: "maintenanceExclusions",
      value: `${full.length} exclusions of all upgrades`,
      rule: `exceeds the ${MAX_FULL_EXCLUSIONS} that GKE takes`,
      remedy: "remove those that are over",
    });
  exclusions.forEach((exclusion, index) => {
    const at = `maintenanceExclusions[${index}]`;
    const { name, startTime, endTime, scope } = exclusion;
    if (isKnown(name) && exclusions.findIndex((other) => other.name === name) !== index) {
      problems.push({ property: `${at}.name`, value: name, rule: "is there twice", remedy: "choose another name" });
    }
    if (isKnown(scope) && !isFull(exclusion) && releaseChannel === "UNSPECIFIED") {
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
function availabilityProblems({
  maintenanceWindow: window,
  maintenanceExclusions: exclusions,
}: EffectiveCluster): Problem[] {
  if (!isKnown(window)) return [];
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

/**
 * What is left of the windows, without pieces that GKE does not count: they go as they arise, so that a window is never
 * in more pieces than have room in it, however many holes there are.
 */
function subtract(windows: readonly Interval[], holes: readonly Interval[]): Interval[] {
  return holes.reduce<Interval[]>(
    (rest, hole) =>
      rest.flatMap((window) =>
        hole.end <= window.start || hole.start >= window.end
          ? [window]
          : [
              { start: window.start, end: Math.min(window.end, hole.start) },
              { start: Math.max(window.start, hole.end), end: window.end },
            ].filter(({ start, end }) => end - start >= MIN_WINDOW_HOURS * HOUR_MS),
      ),
    [...windows],
  );
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
