import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowanceFor, expiredFor, readAllowList, remarksOn } from "../../../lib/preview/report/allow-list";
import { finding } from "../sample";

const RULES = ["GK1", "NP3"];

const directory = mkdtempSync(join(tmpdir(), "allow-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(text: string) {
  const file = join(directory, "preview-allow.yaml");
  writeFileSync(file, text);
  return readAllowList(file, RULES);
}

const ENTRY =
  "- rule: GK1\n  address: google_container_cluster.main\n  expires: 2026-12-31\n  reason: dev is rebuilt on Friday\n";

test("a list says which rule is accepted, where, until when and why", () => {
  expect(read(ENTRY)).toEqual([
    {
      rule: "GK1",
      address: "google_container_cluster.main",
      expires: "2026-12-31",
      reason: "dev is rebuilt on Friday",
    },
  ]);
  expect(read("# nothing accepted\n")).toEqual([]);
});

test("a list that is not there allows nothing, and is an error where it was asked for", () => {
  expect(readAllowList("/nonexistent/preview-allow.yaml", RULES)).toEqual([]);
  expect(() => readAllowList("/nonexistent/preview-allow.yaml", RULES, true)).toThrow(/does not exist/);
});

test.each<[what: string, text: string, problem: RegExp]>([
  ["an unknown rule", ENTRY.replace("GK1", "GK99"), /'\[0\]\.rule' \(GK99\) is not a rule; list them/],
  ["no place", ENTRY.replace(/ {2}address:.*\n/, ""), /'\[0\]' allows the rule everywhere/],
  ["no day", ENTRY.replace("2026-12-31", "soon"), /'\[0\]\.expires' \(soon\) is not a day/],
  ["a day that does not exist", ENTRY.replace("12-31", "02-30"), /\(2026-02-30\) is not a day/],
  ["no reason", ENTRY.replace(/ {2}reason:.*\n/, ""), /'\[0\]\.reason' is missing/],
  ["a misspelt key", `${ENTRY}  adress: x\n`, /'\[0\]\.adress' is not known/],
  [
    "a place that is not text",
    ENTRY.replace("google_container_cluster.main", "[a]"),
    /'\[0\]\.address' .* is not text/,
  ],
  ["an entry that is no mapping", "- GK1\n", /'\[0\]' \(GK1\) is not a mapping/],
  ["no list", "rule: GK1\n", /is not a list/],
  ["no YAML", "- rule: [\n", /is not YAML/],
])("%s is refused: a list that cannot be trusted allows nothing", (_, text, problem) => {
  expect(() => read(text)).toThrow(problem);
});

test("all that is wrong is told at once", () => {
  expect(() => read("- rule: X\n- rule: Y\n  stack: a\n")).toThrow(/7 problems/);
});

describe("what it covers", () => {
  const [entry] = read(ENTRY);
  const today = "2026-11-22";

  test("is the rule at that address, and nothing beside it", () => {
    expect(allowanceFor(finding(), [entry!], today)).toBe(entry);
    expect(allowanceFor(finding({ rule: "NP3" }), [entry!], today)).toBeUndefined();
    expect(allowanceFor(finding({ address: "google_container_cluster.main2" }), [entry!], today)).toBeUndefined();
    const narrowed = { ...entry!, stack: "prod-cluster" };
    expect(allowanceFor(finding(), [narrowed], today)).toBeUndefined();
  });

  test("holds through its last day, and is told apart once it is over", () => {
    expect(allowanceFor(finding(), [entry!], "2026-12-31")).toBe(entry);
    expect(allowanceFor(finding(), [entry!], "2027-01-01")).toBeUndefined();
    expect(expiredFor(finding(), [entry!], "2027-01-01")).toBe(entry);
  });
});

describe("what is said of the list", () => {
  const entry = { rule: "GK1", stack: "dev-cluster", expires: "2026-12-31", reason: "r" };
  const looked = { findings: [finding()], stacks: ["dev-cluster"], whole: true };

  test("nothing, while an entry does what it is there for", () => {
    expect(remarksOn([entry], looked, "2026-11-22")).toEqual([]);
  });

  test.each<[what: string, entry: object, said: RegExp | undefined]>([
    [
      "one that is over",
      { expires: "2026-11-21" },
      /GK1 for dev-cluster ended on 2026-11-21; renew it with a reason, or delete/,
    ],
    ["one for another rule", { rule: "NP3" }, /NP3 for dev-cluster matches nothing in this preview$/],
    [
      "one with a misspelt address",
      { address: "google_container_cluster.mian" },
      /matches nothing.*GK1 was found at dev-cluster google_container_cluster.main$/,
    ],
    ["one for a stack that is not there", { stack: "dve-cluster" }, /the app has no such stack/],
  ])("%s", (_, more, said) => {
    expect(remarksOn([{ ...entry, ...more }], looked, "2026-11-22")).toEqual([expect.stringMatching(said!)]);
  });

  test("nothing about environments that were not looked at", () => {
    const part = { ...looked, whole: false };
    const list = [
      { ...entry, stack: "prod-cluster" },
      { rule: "NP3", address: "a.b", expires: "2026-12-31", reason: "r" },
    ];
    expect(remarksOn(list, part, "2026-11-22")).toEqual([]);
  });
});
