import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Happened } from "../../../scripts/preview/corpus/rehearsal";
import { PULL_REQUESTS } from "./pull-requests";

/** What real plans and applies in the sandbox came to, which `npm run test:corpus` compares and writes down. */
const happened: Readonly<Record<string, Happened>> = JSON.parse(readFileSync(join(__dirname, "happened.json"), "utf8"));
const expected: Readonly<Record<string, { readonly rules: readonly string[]; readonly verdict: string }>> = JSON.parse(
  readFileSync(join(__dirname, "expected.json"), "utf8"),
);
const name = ({ environment, what }: { readonly environment: string; readonly what: string }) =>
  `${environment}: ${what}`;

const PLAYED = PULL_REQUESTS.filter(({ unplayable }) => unplayable === undefined);

test("every pull request has been planned and applied, but for those that say why they cannot be", () => {
  expect(Object.keys(happened).sort()).toEqual(PLAYED.map(name).sort());
  expect(PLAYED.length).toBeGreaterThan(60);
});

describe.each(PLAYED.map((request) => [name(request), happened[name(request)]!, expected[name(request)]!] as const))(
  "%s",
  (_, { verdict, stacks, differs }, predicted) => {
    const said = (...rules: string[]) => predicted.rules.some((rule) => rules.includes(rule.split(" ")[0]!));

    test("nothing happened of which the prediction knew nothing", () => {
      if (predicted.verdict === "unchanged") expect([verdict, differs]).toEqual(["unchanged", []]);
      // Of what lies behind another cluster or project no synth knows what is there: that itself is what is said.
      if (differs.length > 0) expect(said("ST12", "ST13", "GK1", "HR1", "HR2", "HR5")).toBe(true);
    });

    test("an apply that failed was warned of", () => {
      const failed = Object.values(stacks).filter((outcome) => outcome !== "applied");
      if (failed.length > 0) expect(predicted.verdict).toBe("risk");
    });
  },
);
