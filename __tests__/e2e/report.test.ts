import { totals } from "../../e2e/harness/measurements";
import { renderMarkdown, renderTerminal } from "../../e2e/harness/report";
import { outcomeOf, type RunResult, type StepResult, tally } from "../../e2e/harness/results";
import { type Scenario, scenariosOf } from "../../e2e/harness/scenario";
import { styleFor } from "../../sandbox/terminal";

const step = (outcome: StepResult["outcome"], reason?: string): StepResult => ({
  title: "a step",
  outcome,
  seconds: 1,
  notes: ["3 nodes are ready"],
  reason,
});

const run: RunResult = {
  startedAt: "2026-11-22T09:00:00Z",
  seconds: 125,
  versions: { terraform: "1.11.4" },
  remarks: ["kube-prometheus-stack was replaced by a stand-in"],
  scenarios: [
    {
      environment: "dev",
      id: "deploy",
      title: "All stacks deploy",
      shows: "deploy",
      outcome: "passed",
      seconds: 60,
      steps: [step("passed")],
    },
    {
      environment: "staging",
      id: "cilium-minor",
      title: "Cilium goes to 1.19 and back",
      shows: "dayTwo",
      outcome: "not run",
      seconds: 0,
      steps: [step("not run", "no chart of Cilium 1.19")],
    },
  ],
  measurements: [
    {
      environment: "dev",
      scenario: "deploy",
      command: "deploy",
      stack: "dev-cluster",
      seconds: 40,
      calls: 90,
      writes: 12,
    },
    {
      environment: "dev",
      scenario: "label",
      command: "deploy",
      stack: "dev-cluster",
      seconds: 5,
      calls: 20,
      writes: 3,
    },
    { environment: "dev", scenario: "deploy", command: "plan", stack: "dev-cluster", seconds: 2, calls: 18, writes: 0 },
  ],
};

test("measurements are added up for each stack and command", () => {
  expect(totals(run.measurements)).toEqual([
    { stack: "dev-cluster", command: "deploy", runs: 2, seconds: 45, calls: 110, writes: 15 },
    { stack: "dev-cluster", command: "plan", runs: 1, seconds: 2, calls: 18, writes: 0 },
  ]);
});

test("a scenario is what its worst step is", () => {
  expect(outcomeOf([step("passed"), step("not run"), step("failed")])).toBe("failed");
  expect(outcomeOf([step("passed"), step("not run")])).toBe("not run");
  expect(outcomeOf([step("passed")])).toBe("passed");
});

test("what was not run is counted apart, and both reports say why", () => {
  expect(tally(run.scenarios)).toEqual({ passed: 1, failed: 0, "not run": 1 });
  expect(renderTerminal(run, styleFor(false))).toContain("not run: no chart of Cilium 1.19");
  expect(renderMarkdown(run)).toContain("**not run** a step: no chart of Cilium 1.19");
});

test("both reports carry requests and seconds of each stack, and the remarks", () => {
  for (const report of [renderTerminal(run, styleFor(false)), renderMarkdown(run)]) {
    expect(report).toMatch(/dev-cluster\W+deploy\W+2\W+110\W+15\W+45\.0/);
    expect(report).toContain("stand-in");
  }
});

describe("which scenarios an environment runs", () => {
  const scenario = (id: string, more: Partial<Scenario> = {}): Scenario => ({
    id,
    title: id,
    shows: "dayTwo",
    steps: [],
    ...more,
  });
  const all = [
    scenario("deploy", { always: true }),
    scenario("label"),
    scenario("restore", { environments: ["staging"] }),
  ];

  test("all that name it or none", () => {
    expect(scenariosOf("dev", all, undefined, false).map(({ id }) => id)).toEqual(["deploy", "label"]);
    expect(scenariosOf("staging", all, undefined, false)).toHaveLength(3);
  });

  test("slow ones are left out of a run of one environment, unless they are named", () => {
    const storm: Scenario = { id: "storm", title: "", shows: "faults", slow: true, steps: [] };
    expect(scenariosOf("dev", [storm], undefined, true)).toEqual([]);
    expect(scenariosOf("dev", [storm], undefined, false)).toEqual([storm]);
    expect(scenariosOf("dev", [storm], ["storm"], true)).toEqual([storm]);
  });

  test("with --only, those named and those that others build on", () => {
    expect(scenariosOf("staging", all, ["restore"], false).map(({ id }) => id)).toEqual(["deploy", "restore"]);
  });
});

test("what failed is told once more at the end, with its step and why", () => {
  const scenario = {
    environment: "staging",
    id: "packets-egress",
    title: "Pods leave by the gateway",
    shows: "packets",
    outcome: "failed",
    seconds: 70,
    steps: [
      step("passed"),
      step("failed", ["no answer", ...Array.from({ length: 20 }, (_, index) => `flow ${index}`)].join("\n")),
    ],
  } as const;
  const printed = renderTerminal({ ...run, scenarios: [scenario, ...run.scenarios] }, styleFor(false));
  const [, end = ""] = printed.split("1 passed, 1 failed, 1 not run in 2m05s\n");
  expect(end).toBe(
    [
      "",
      "✗ staging packets-egress: Pods leave by the gateway",
      "  a step, after 1.0s",
      "    no answer",
      "    flow 0",
      "    flow 1",
      "    flow 2",
      "    (9 more lines)",
      ...Array.from({ length: 8 }, (_, index) => `    flow ${index + 12}`),
      "",
    ].join("\n"),
  );
});
