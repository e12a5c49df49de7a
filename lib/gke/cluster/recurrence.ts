/** A recurrence rule (RFC 5545) as far as a calendar of whole days goes. */
export interface Recurrence {
  /** Whether the rule holds for a day, counted in days since 1970-01-01 in UTC. */
  readonly includes: (day: number) => boolean;
}

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY", "SECONDLY"];
const BY_DAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;

/**
 * Reads a recurrence rule such as `FREQ=WEEKLY;BYDAY=SA,SU`.
 *
 * @param text The rule, without `RRULE:`.
 * @param firstDay Day of the first occurrence, in days since 1970-01-01: intervals count from it.
 * @returns The rule; or "unsupported" where it is well-formed but says more than days (`BYHOUR`, `COUNT`); or, as the
 * rest of a sentence, what is wrong with it.
 */
export function parseRecurrence(
  text: string,
  firstDay: number,
): Recurrence | "unsupported" | { readonly fault: string } {
  const parts = new Map<string, string>();
  for (const part of text.split(";")) {
    const [key, value, ...rest] = part.split("=");
    if (!key || !value || rest.length > 0) return { fault: "is not a list of KEY=value parted by semicolons" };
    if (parts.has(key)) return { fault: `has ${key} twice` };
    parts.set(key, value);
  }
  const frequency = parts.get("FREQ");
  if (frequency === undefined || !FREQUENCIES.includes(frequency)) {
    return { fault: "has no FREQ such as DAILY, WEEKLY or MONTHLY" };
  }
  const interval = Number(parts.get("INTERVAL") ?? "1");
  if (!Number.isInteger(interval) || interval < 1) return { fault: "has an INTERVAL that is not a positive number" };
  const byDay = parts
    .get("BYDAY")
    ?.split(",")
    .map((day) => BY_DAY.exec(day));
  if (byDay?.some((match) => match === null)) return { fault: "has a BYDAY that is not a list of days such as SA,SU" };
  const days = byDay?.map((match) => ({
    nth: Number(match?.[1] ?? 0),
    weekday: WEEKDAYS.indexOf(match?.[2] as string),
  }));

  if ([...parts.keys()].some((key) => !["FREQ", "INTERVAL", "BYDAY"].includes(key))) return "unsupported";
  if (frequency === "DAILY") {
    return days ? "unsupported" : { includes: (day: number) => (day - firstDay) % interval === 0 };
  }
  if (frequency === "WEEKLY") return weekly(days, interval, firstDay);
  if (frequency === "MONTHLY" && interval === 1) return monthly(days, firstDay);
  return "unsupported";
}

interface Day {
  readonly nth: number;
  readonly weekday: number;
}

function weekly(days: readonly Day[] | undefined, interval: number, firstDay: number): Recurrence | { fault: string } {
  if (days?.some(({ nth }) => nth !== 0)) return { fault: "counts days (1SA) in a week, which has each once" };
  const weekdays = days?.map(({ weekday }) => weekday) ?? [weekdayOf(firstDay)];
  return {
    includes: (day) =>
      weekdays.includes(weekdayOf(day)) && Math.abs(mondayOf(day) - mondayOf(firstDay)) % (7 * interval) === 0,
  };
}

function monthly(days: readonly Day[] | undefined, firstDay: number): Recurrence {
  if (!days) return { includes: (day) => dayOfMonth(day) === dayOfMonth(firstDay) };
  return {
    includes: (day) =>
      days.some(({ nth, weekday }) => {
        if (weekdayOf(day) !== weekday) return false;
        if (nth === 0) return true;
        return nth > 0 ? Math.ceil(dayOfMonth(day) / 7) === nth : Math.ceil(daysToMonthEnd(day) / 7) === -nth;
      }),
  };
}

/** Monday is 0. 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function mondayOf(day: number): number {
  return day - weekdayOf(day);
}

function dayOfMonth(day: number): number {
  return new Date(day * 86_400_000).getUTCDate();
}

/** 1 on the last day of a month. */
function daysToMonthEnd(day: number): number {
  const date = new Date(day * 86_400_000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - date.getUTCDate() + 1;
}
