import { badRequest } from "../../http/errors";
import { at, type JsonObject, objectOf, stringOf } from "../../json";
import { occurrences, parseRecurrence } from "./recurrence";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** GKE insists on this much time for maintenance in any stretch of this many days, in pieces of at least four hours. */
const NEEDED = 48 * HOUR;
const STRETCH = 32 * DAY;
const PIECE = 4 * HOUR;
/** How far the windows are looked at: every pattern of weeks and months shows itself in a year. */
const HORIZON = 366 * DAY;

/** Exclusions of a cluster: https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions */
const MAX_EXCLUSIONS = 20;
const MAX_NO_UPGRADES = 3;
const MAX_NO_UPGRADES_DAYS = 30;
const MAX_EXCLUSION_DAYS = 180;

/** From when to when, in milliseconds of Unix time. */
type Span = readonly [from: number, to: number];

/**
 * Refuses a maintenance policy that would hardly let GKE maintain anything. Whether exclusions take away from what a window
 * gives is not public: here they do not.
 *
 * @throws ApiError 400
 */
export function checkMaintenance(policy: JsonObject): void {
  const window = objectOf(policy["window"]);
  const daily = stringOf(at(window, "dailyMaintenanceWindow.startTime"));
  if (daily !== undefined && !/^([01]?\d|2[0-3]):[0-5]\d$/.test(daily)) {
    throw invalid(`daily maintenance window start time "${daily}" is not in the format HH:MM`);
  }
  if (window["dailyMaintenanceWindow"] && window["recurringWindow"]) {
    throw invalid("only one of daily maintenance window and recurring window can be set");
  }
  checkExclusions(objectOf(window["maintenanceExclusions"]));
  if (window["recurringWindow"]) checkRecurring(objectOf(window["recurringWindow"]));
}

function checkExclusions(given: JsonObject): void {
  const entries = Object.entries(given).map(([name, value]) => ({ name, span: spanOf(objectOf(value), name), value }));
  if (entries.length > MAX_EXCLUSIONS)
    throw invalid(`a cluster can have at most ${MAX_EXCLUSIONS} maintenance exclusions`);
  const strict = entries.filter(({ value }) => {
    const scope = stringOf(at(objectOf(value)["maintenanceExclusionOptions"], "scope")) ?? "NO_UPGRADES";
    return scope === "NO_UPGRADES";
  });
  if (strict.length > MAX_NO_UPGRADES) {
    throw invalid(`a cluster can have at most ${MAX_NO_UPGRADES} maintenance exclusions with scope NO_UPGRADES`);
  }
  for (const { name, span } of entries) {
    const most = strict.some((each) => each.name === name) ? MAX_NO_UPGRADES_DAYS : MAX_EXCLUSION_DAYS;
    if (span[1] - span[0] > most * DAY) throw invalid(`maintenance exclusion "${name}" is longer than ${most} days`);
  }
}

function spanOf(value: JsonObject, name: string): Span {
  const [from, to] = [value["startTime"], value["endTime"]].map((time) => Date.parse(stringOf(time) ?? ""));
  // An exclusion may end with the version's support in place of at a time.
  if (Number.isNaN(to) && at(value, "maintenanceExclusionOptions.endTimeBehavior")) return [from!, from!];
  if (Number.isNaN(from) || Number.isNaN(to)) throw invalid(`"${name}" must have a start time and an end time`);
  if (to! <= from!) throw invalid(`end time of "${name}" must be after its start time`);
  return [from!, to!];
}

function checkRecurring(recurring: JsonObject): void {
  const [from, to] = spanOf(objectOf(recurring["window"]), "recurring window");
  if (to - from > DAY) throw invalid("the recurring window must not be longer than 24 hours");
  const text = stringOf(recurring["recurrence"]) ?? "";
  const recurrence = parseRecurrence(text);
  if (!recurrence) throw invalid(`recurrence "${text}" is not supported`);
  const windows = occurrences(recurrence, from, from + HORIZON).map((time): Span => [time, time + to - from]);
  // The barest stretch begins where a window has just ended.
  const begins = [from, ...windows.map(([, end]) => end)].filter((begin) => begin + STRETCH <= from + HORIZON);
  const bare = begins.find((begin) => within(windows, [begin, begin + STRETCH]) < NEEDED);
  if (bare === undefined) return;
  const range = [bare, bare + STRETCH].map((time) => new Date(time).toISOString()).join(", ");
  throw invalid(
    `maintenance policy would go longer than 32d without 48h maintenance availability of ">=4h" contiguous duration (in time range [${range}])`,
  );
}

/** Time of the windows that lies in a stretch, in pieces that are long enough. */
function within(windows: readonly Span[], [from, to]: Span): number {
  return windows
    .map(([a, b]) => Math.min(b, to) - Math.max(a, from))
    .filter((length) => length >= PIECE)
    .reduce((sum, length) => sum + length, 0);
}

function invalid(rule: string): Error {
  return badRequest(`Error validating maintenance policy: ${rule}.`);
}
