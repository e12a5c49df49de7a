import { RULES } from "../../lib/preview/rules";
import { readChange, reportOf, ruleFixtures } from "./support";

const fixtures = new Map(ruleFixtures().map((fixture) => [fixture.rule, fixture]));

test("every rule has a recorded change on which it fires and one on which it must not, and no fixture is left over", () => {
  expect([...fixtures.keys()].sort()).toEqual(RULES.map(({ id }) => id).sort());
});

test("every rule is told apart by its id and says what happens, what to do, and where that is known from", () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, title, consequence, remedy, source, modes } of RULES) {
    expect(id).toMatch(/^(ST|DA|ID|GK|NP|NW|PL|HR|CI)\d+$/);
    expect(title).toMatch(/^\S.{5,79}$/);
    for (const text of [consequence, remedy]) expect(text).toMatch(/^([A-Z]|[a-z]+[A-Z_]).{8,}\.\)?$/);
    expect(source.length).toBeGreaterThan(10);
    expect(modes.length).toBeGreaterThan(0);
  }
});

describe.each(["plan", "offline"] as const)("in a preview that is %s", (mode) => {
  const rules = RULES.filter((rule) => rule.modes.includes(mode)).flatMap((rule) => {
    const fixture = fixtures.get(rule.id);
    // What has no plan to record (the reason stands with the case) is proven offline.
    return fixture && (mode === "offline" || fixture.fires.plans) ? [{ id: rule.id, rule, fixture }] : [];
  });

  test.each(rules)("$id fires on the recorded change", ({ rule, fixture }) => {
    const report = reportOf(readChange(fixture.fires, mode), { rules: [rule] });
    // A plan that is not whole is itself a problem.
    expect(report.stacks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.findings.map((finding) => finding.rule)).toContain(rule.id);
    for (const finding of report.findings) expect(finding.detail).not.toBe("");
  });

  test.each(rules)("$id is silent on its nearest neighbour", ({ rule, fixture }) => {
    const report = reportOf(readChange(fixture.silent, mode), { rules: [rule] });
    expect(report.problems).toEqual([]);
    expect(report.findings.filter(({ severity }) => rule.severity === "info" || severity !== "info")).toEqual([]);
  });
});

test("NP2 tells how to replace a pool whose creation had failed", () => {
  const recorded = fixtures.get("NP2")?.fires;
  const text = JSON.stringify(recorded).replace('"replace_because_cannot_update"', '"replace_because_tainted"');
  const { findings } = reportOf(readChange(JSON.parse(text) as typeof recorded & object, "plan"));
  expect(findings.find(({ rule }) => rule === "NP2")).toMatchObject({
    detail: "both are called general; its creation had failed",
    remedy: expect.stringContaining("generation"),
  });
});
