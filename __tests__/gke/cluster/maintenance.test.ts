import type { MaintenanceExclusion, MaintenanceOptions } from "../../../lib/gke";
import { gkeClusterProblems } from "../../../lib/gke";
import { LEGACY, lines } from "../support";

const problems = (options: MaintenanceOptions) => lines(gkeClusterProblems(options, LEGACY));
const window = (hours: number, recurrence: string, startTime = "2026-01-03T06:00:00Z") => ({
  startTime,
  hours,
  recurrence,
});
const exclusion = (startTime: string, endTime: string, scope?: MaintenanceExclusion["scope"], name = "freeze") => ({
  name,
  startTime: `${startTime}T00:00:00Z`,
  endTime: `${endTime}T00:00:00Z`,
  scope,
});

describe("windows", () => {
  test.each<[string, MaintenanceOptions]>([
    ["the default", {}],
    ["four hours a day", { maintenanceWindow: window(4, "FREQ=DAILY") }],
    ["all day, every day", { maintenanceWindow: window(24, "FREQ=DAILY") }],
    ["six hours on two days a week", { maintenanceWindow: window(6, "FREQ=WEEKLY;BYDAY=SA,SU") }],
    ["twelve hours on one day a week", { maintenanceWindow: window(12, "FREQ=WEEKLY;BYDAY=SU") }],
    ["a rule that is left to GKE", { maintenanceWindow: window(4, "FREQ=YEARLY") }],
  ])("%s is enough", (_, options) => {
    expect(problems(options)).toEqual([]);
  });

  test.each<[number, string, string]>([
    [6, "FREQ=WEEKLY;BYDAY=SU", "24 hours"],
    [11.9, "FREQ=WEEKLY;BYDAY=SU", "47.6 hours"],
    [5, "FREQ=WEEKLY;BYDAY=SA,SU", "40 hours"],
    [24, "FREQ=MONTHLY;BYDAY=1SA", "0 hours"],
    [12, "FREQ=WEEKLY;BYDAY=SU;INTERVAL=2", "24 hours"],
    [24, "FREQ=DAILY;INTERVAL=40", "0 hours"],
  ])("%p hours, %s, are too few", (hours, recurrence, left) => {
    expect(problems({ maintenanceWindow: window(hours, recurrence) })).toEqual([
      `'maintenanceWindow' (${recurrence}, ${hours} h) leaves ${left} in some 32 days where GKE requires 48; lengthen the window or add days, as in FREQ=WEEKLY;BYDAY=SA,SU`,
    ]);
  });

  test.each<[string, MaintenanceOptions, string]>([
    [
      "a start without seconds",
      { maintenanceWindow: window(8, "FREQ=DAILY", "2026-01-03T06:00Z") },
      "'maintenanceWindow.startTime' (2026-01-03T06:00Z) is not a time in UTC; give one such as 2026-01-03T06:00:00Z",
    ],
    [
      "a start in another zone",
      { maintenanceWindow: window(8, "FREQ=DAILY", "2026-01-03T06:00:00+09:00") },
      "'maintenanceWindow.startTime' (2026-01-03T06:00:00+09:00) is not a time in UTC; give one such as 2026-01-03T06:00:00Z",
    ],
    [
      "a start on no day",
      { maintenanceWindow: window(8, "FREQ=DAILY", "2026-13-01T06:00:00Z") },
      "'maintenanceWindow.startTime' (2026-13-01T06:00:00Z) is not a time in UTC; give one such as 2026-01-03T06:00:00Z",
    ],
    [
      "three hours",
      { maintenanceWindow: window(3, "FREQ=DAILY") },
      "'maintenanceWindow.hours' (3) is not a number from 4 to 24; choose another length; GKE counts no shorter window",
    ],
    [
      "more than a day",
      { maintenanceWindow: window(25, "FREQ=DAILY") },
      "'maintenanceWindow.hours' (25) is not a number from 4 to 24; choose another length; GKE counts no shorter window",
    ],
    [
      "a rule that is none",
      { maintenanceWindow: window(8, "weekends") },
      "'maintenanceWindow.recurrence' (weekends) is not a list of KEY=value parted by semicolons; give a rule such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=SA,SU",
    ],
  ])("%s is a problem", (_, options, problem) => {
    expect(problems(options)).toEqual([problem]);
  });
});

describe("exclusions", () => {
  test.each<[string, readonly MaintenanceExclusion[]]>([
    ["none", []],
    ["a month", [exclusion("2026-12-01", "2026-12-31")]],
    ["two months", [exclusion("2026-11-01", "2026-12-31")]],
    ["half a year without minor versions", [exclusion("2026-07-01", "2026-12-31", "NO_MINOR_UPGRADES")]],
    [
      "a year without minor versions and node upgrades",
      [exclusion("2026-01-01", "2026-12-31", "NO_MINOR_OR_NODE_UPGRADES")],
    ],
    [
      "three of everything",
      [
        exclusion("2026-03-01", "2026-03-10"),
        exclusion("2026-06-01", "2026-06-10", "NO_UPGRADES", "b"),
        exclusion("2026-09-01", "2026-09-10", undefined, "c"),
      ],
    ],
  ])("%s is possible", (_, maintenanceExclusions) => {
    expect(problems({ maintenanceExclusions })).toEqual([]);
  });

  test.each<[string, MaintenanceOptions, string[]]>([
    [
      "more than 90 days of everything",
      { maintenanceExclusions: [exclusion("2026-01-01", "2026-04-02")] },
      [
        "'maintenanceExclusions[0].endTime' (2026-04-02T00:00:00Z) makes it 91 days long where GKE takes 90; shorten it, or exclude NO_MINOR_OR_NODE_UPGRADES",
        expect.stringContaining("'maintenanceExclusions'"),
      ],
    ],
    [
      "an end before the start",
      { maintenanceExclusions: [exclusion("2026-04-01", "2026-01-01")] },
      [
        "'maintenanceExclusions[0].endTime' (2026-01-01T00:00:00Z) is not after 'startTime' (2026-04-01T00:00:00Z); choose a later end",
      ],
    ],
    [
      "a time that is none",
      { maintenanceExclusions: [exclusion("soon", "2026-01-01")] },
      [
        "'maintenanceExclusions[0].startTime' (soonT00:00:00Z) is not a time in UTC; give one such as 2026-01-03T06:00:00Z",
      ],
    ],
    [
      "one name twice",
      { maintenanceExclusions: [exclusion("2026-01-01", "2026-01-05"), exclusion("2026-05-01", "2026-05-05")] },
      ["'maintenanceExclusions[1].name' (freeze) is there twice; choose another name"],
    ],
    [
      "four of everything",
      {
        maintenanceExclusions: ["a", "b", "c", "d"].map((name, index) =>
          exclusion(`2026-0${index * 2 + 1}-01`, `2026-0${index * 2 + 1}-05`, undefined, name),
        ),
      },
      [
        "'maintenanceExclusions' (4 exclusions of all upgrades) exceeds the 3 that GKE takes; remove those that are over",
      ],
    ],
    [
      "more than 20",
      {
        maintenanceExclusions: Array.from({ length: 21 }, (_, index) =>
          exclusion("2026-01-01", "2026-01-05", "NO_MINOR_UPGRADES", `n${index}`),
        ),
      },
      ["'maintenanceExclusions' (21 of them) is longer than the 20 that can be given; shorten it"],
    ],
    [
      "a scope without a channel",
      {
        releaseChannel: "UNSPECIFIED",
        maintenanceExclusions: [exclusion("2026-01-01", "2026-01-05", "NO_MINOR_UPGRADES")],
      },
      [
        "'maintenanceExclusions[0].scope' (NO_MINOR_UPGRADES) needs a release channel; choose a release channel, or exclude NO_UPGRADES",
      ],
    ],
    [
      "too little time between two",
      {
        maintenanceExclusions: [
          exclusion("2026-01-01", "2026-03-20"),
          exclusion("2026-03-25", "2026-06-10", undefined, "b"),
        ],
      },
      [
        '\'maintenanceExclusions\' (["freeze","b"]) leave 16 hours for maintenance in some 92 days where GKE requires 48; shorten them, or lengthen the maintenance window',
      ],
    ],
  ])("%s is a problem", (_, options, expected) => {
    expect(problems(options)).toEqual(expected);
  });

  test("what is left of a window counts only from four hours on", () => {
    // Between the two, part of one day is left: three hours, or four.
    const whole = window(24, "FREQ=DAILY", "2026-01-01T00:00:00Z");
    const cut = (hours: string) =>
      problems({
        maintenanceWindow: whole,
        maintenanceExclusions: [
          { name: "a", startTime: "2026-01-05T00:00:00Z", endTime: `2026-03-25T${hours}:00:00Z` },
          { name: "b", startTime: "2026-03-26T00:00:00Z", endTime: "2026-06-20T00:00:00Z" },
        ],
      });
    expect(cut("21")[0]).toContain("leave 0 hours");
    expect(cut("20")[0]).toContain("leave 4 hours");
  });
});

test.each(["1.34", "1.34.1", "1.34.1-gke.1829001"])("%s is a version", (minVersion) => {
  expect(problems({ minVersion })).toEqual([]);
});

test.each(["latest", "34", "v1.34", "1.34.x", "1.34-gke.1"])("%s is no version", (minVersion) => {
  expect(problems({ minVersion })).toEqual([
    `'minVersion' (${minVersion}) is not a GKE version; give one such as 1.34, 1.34.1 or 1.34.1-gke.1829001`,
  ]);
});
