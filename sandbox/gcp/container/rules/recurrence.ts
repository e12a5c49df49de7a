const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** A recurrence of RFC 5545, as far as GKE takes them. */
export interface Recurrence {
  readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY";
  readonly interval: number;
  /** Weekdays, 0 for Sunday; `nth` is set in a month. */
  readonly days: readonly { readonly day: number; readonly nth?: number }[];
  readonly monthDays: readonly number[];
}

/** Reads `FREQ=WEEKLY;BYDAY=SA,SU`; `undefined` where it is none that GKE takes. */
export function parseRecurrence(text: string): Recurrence | undefined {
  const parts = new Map(
    text
      .replace(/^RRULE:/, "")
      .split(";")
      .map((part) => part.split("=") as [string, string]),
  );
  const frequency = parts.get("FREQ");
  if (frequency !== "DAILY" && frequency !== "WEEKLY" && frequency !== "MONTHLY") return undefined;
  const interval = Number(parts.get("INTERVAL") ?? "1");
  if (!Number.isInteger(interval) || interval < 1) return undefined;
  const days = (parts.get("BYDAY") ?? "")
    .split(",")
    .filter((day) => day !== "")
    .map((day) => /^([+-]?\d)?(SU|MO|TU|WE|TH|FR|SA)$/.exec(day));
  if (days.some((day) => day === null)) return undefined;
  const monthDays = (parts.get("BYMONTHDAY") ?? "")
    .split(",")
    .filter((day) => day !== "")
    .map(Number);
  if (monthDays.some((day) => !Number.isInteger(day) || Math.abs(day) > 31 || day === 0)) return undefined;
  return {
    frequency,
    interval,
    days: days.map((day) => ({
      day: WEEKDAYS.indexOf(day![2]!),
      ...(day![1] === undefined ? {} : { nth: Number(day![1]) }),
    })),
    monthDays,
  };
}

/** Days on which a recurrence that begins at `start` happens, until `end`; both in milliseconds of Unix time. */
export function occurrences(recurrence: Recurrence, start: number, end: number): number[] {
  const found: number[] = [];
  for (let time = start; time < end; time += DAY) if (happens(recurrence, start, time)) found.push(time);
  return found;
}

function happens({ frequency, interval, days, monthDays }: Recurrence, start: number, time: number): boolean {
  const [first, date] = [new Date(start), new Date(time)];
  const ofMonth = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const byDay = days.some(
    ({ day, nth }) =>
      day === date.getUTCDay() &&
      (nth === undefined ||
        (nth > 0 ? Math.ceil(ofMonth / 7) === nth : Math.ceil((length - ofMonth + 1) / 7) === -nth)),
  );
  const byMonthDay = monthDays.some((day) => (day > 0 ? day : length + day + 1) === ofMonth);
  if (monthDays.length > 0 && !byMonthDay) return false;
  if (days.length > 0 && !byDay) return false;
  if (frequency === "DAILY") return Math.round((time - start) / DAY) % interval === 0;
  if (frequency === "WEEKLY") {
    const week = (of: number): number => Math.floor((of / DAY + 4) / 7);
    return (week(time) - week(start)) % interval === 0 && (days.length > 0 || date.getUTCDay() === first.getUTCDay());
  }
  const months = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth();
  return months % interval === 0 && (days.length + monthDays.length > 0 || ofMonth === first.getUTCDate());
}
