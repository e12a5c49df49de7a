import { parseRecurrence, type Recurrence } from "../../../lib/gke/cluster/recurrence";
import fc from "../../support/fast-check";

const DAY_MS = 86_400_000;
const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY_MS;
const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** The days of the 60 days from `from` on which a rule holds. */
function days(text: string, from: string): string[] {
  const rule = parseRecurrence(text, day(from)) as Recurrence;
  return Array.from({ length: 60 }, (_, index) => day(from) + index)
    .filter((each) => rule.includes(each))
    .map((each) => new Date(each * DAY_MS).toISOString().slice(5, 10));
}

// 2026-01-03 is a Saturday.
test.each([
  ["FREQ=DAILY", "01-03 01-04 01-05"],
  ["FREQ=DAILY;INTERVAL=2", "01-03 01-05 01-07"],
  ["FREQ=WEEKLY", "01-03 01-10 01-17"],
  ["FREQ=WEEKLY;BYDAY=SA,SU", "01-03 01-04 01-10 01-11"],
  ["FREQ=WEEKLY;BYDAY=MO;INTERVAL=2", "01-12 01-26 02-09"],
  ["FREQ=MONTHLY", "01-03 02-03 03-03"],
  ["FREQ=MONTHLY;BYDAY=1SA", "01-03 02-07"],
  ["FREQ=MONTHLY;BYDAY=+2SU,-1FR", "01-11 01-30 02-08 02-27"],
  ["FREQ=MONTHLY;BYDAY=TU", "01-06 01-13 01-20 01-27 02-03"],
])("%s from Saturday 2026-01-03 is %s and so on", (text, expected) => {
  expect(days(text, "2026-01-03").join(" ")).toMatch(new RegExp(`^${expected}`));
});

test("a week of days holds on exactly the days it names, at any time", () => {
  fc.assert(
    fc.property(
      fc.subarray(DAYS, { minLength: 1 }),
      fc.integer({ min: 0, max: 40000 }),
      fc.nat(2000),
      (named, from, offset) => {
        const rule = parseRecurrence(`FREQ=WEEKLY;BYDAY=${named.join(",")}`, from) as Recurrence;
        const weekday = DAYS[new Date((from + offset) * DAY_MS).getUTCDay()] as string;
        expect(rule.includes(from + offset)).toBe(named.includes(weekday));
      },
    ),
  );
});

test.each([
  "FREQ=WEEKLY;BYHOUR=3",
  "FREQ=DAILY;COUNT=3",
  "FREQ=DAILY;BYDAY=MO",
  "FREQ=MONTHLY;INTERVAL=2",
  "FREQ=YEARLY",
  "FREQ=WEEKLY;BYDAY=SA;WKST=SU",
])("%s is a rule that is left to GKE", (text) => {
  expect(parseRecurrence(text, 0)).toBe("unsupported");
});

test.each([
  ["", "is not a list of KEY=value parted by semicolons"],
  ["weekly", "is not a list of KEY=value parted by semicolons"],
  ["FREQ=WEEKLY;", "is not a list of KEY=value parted by semicolons"],
  ["FREQ=DAILY;FREQ=WEEKLY", "has FREQ twice"],
  ["BYDAY=SA", "has no FREQ such as DAILY, WEEKLY or MONTHLY"],
  ["FREQ=FORTNIGHTLY", "has no FREQ such as DAILY, WEEKLY or MONTHLY"],
  ["FREQ=DAILY;INTERVAL=0", "has an INTERVAL that is not a positive number"],
  ["FREQ=DAILY;INTERVAL=x", "has an INTERVAL that is not a positive number"],
  ["FREQ=WEEKLY;BYDAY=SATURDAY", "has a BYDAY that is not a list of days such as SA,SU"],
  ["FREQ=WEEKLY;BYDAY=1SA", "counts days (1SA) in a week, which has each once"],
])("%p %s", (text, fault) => {
  expect(parseRecurrence(text, 0)).toEqual({ fault });
});
