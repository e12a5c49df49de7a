import { ENVIRONMENTS } from "../../e2e/harness/scenario";
import { listing, unknownNames } from "../../e2e/listing";
import { PROOFS } from "../../e2e/proofs";
import { SCENARIOS } from "../../e2e/scenarios";

const all = { environments: ENVIRONMENTS, proofs: false, record: false, keep: false, list: true };

test("the list has everything that can be proven, also what runs by name only", () => {
  const ids = listing(all).map((line) => line.trim().split(" ")[0]);
  for (const { id } of [...SCENARIOS, ...PROOFS]) expect(ids).toContain(id);
});

test("what runs by name only says so, with the minutes that it takes", () => {
  const lines = listing(all);
  const named = SCENARIOS.filter(({ byName }) => byName);
  expect(named.length).toBeGreaterThan(0);
  for (const { id, byName } of named) {
    const at = lines.findIndex((line) => line.startsWith(`  ${id} `));
    // Beside what it needs, where it needs something.
    const below = lines.slice(at + 1, at + 3).map((line) => line.trim());
    expect(below).toContain(`by name only: --only ${id}, about ${byName?.minutes} min on two cores`);
  }
});

test("what a scenario needs that a machine may lack is beside it", () => {
  const lines = listing(all);
  const at = lines.findIndex((line) => line.startsWith("  packets-layer7 "));
  expect(lines[at + 1]?.trim()).toBe("needs besides: cilium-envoy");
});

test("a list of some environments or names has nothing else", () => {
  expect(listing({ ...all, environments: ["auto"] }).join("\n")).not.toMatch(/packets-|proofs/);
  expect(
    listing({ ...all, environments: ["staging"], only: ["packets-dns"] }).filter((line) => /^ {2}packets/.test(line)),
  ).toHaveLength(1);
});

test("names that nothing has, or that do not run on the environments, are told", () => {
  expect(unknownNames({ environments: ENVIRONMENTS, only: ["packets-dns", "chart", "packets-dsn"] })).toEqual([
    "--only: there is no scenario or proof 'packets-dsn'; --list shows all of them",
  ]);
  expect(unknownNames({ environments: ["prod"], only: ["packets-dns"] })).toEqual([
    "--only: 'packets-dns' does not run on prod, but on staging",
  ]);
  expect(unknownNames({ environments: ENVIRONMENTS, only: ["packets-mesh"] })).toEqual([]);
  expect(unknownNames({ environments: ["dev"], only: ["packets-mesh"] })).toEqual([
    "--only: 'packets-mesh' does not run on dev, but where no environment is named",
  ]);
});
