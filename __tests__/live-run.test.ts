import { Dataplane } from "../lib/dataplane";
import { environmentsProblems } from "../lib/environment";
import { parseLiveArguments } from "../scripts/live/options";
import { renderLiveReport } from "../scripts/live/report";
import { LiveRun, NotPossible } from "../scripts/live/steps";
import { hourlyBound, throwAway } from "../scripts/live/throw-away";
import { definition } from "./support/definition";
import { dev, prod, staging } from "./support/environments";

describe("a throw-away copy", () => {
  test.each([dev, staging, prod])(
    "of $name is sound, unprotected, small and priced, and has nothing of the original's name",
    (original) => {
      const { definition: copy, hourly } = throwAway(original, { project: "acme-live" }, "ab12", "/tmp/live");
      expect(environmentsProblems([copy])).toEqual([]);
      expect(copy).toMatchObject({ name: "live-ab12", project: "acme-live", location: original.location });
      expect(copy.cluster?.deletionProtection).toBe(false);
      for (const { minNodes = 0, maxNodes = 0 } of copy.nodePools ?? [])
        expect([minNodes <= 2, maxNodes]).toEqual([true, 3]);
      expect(hourly).toBeGreaterThan(0.6);
      expect(hourly).toBeLessThan(20);
    },
  );

  test("begins one minor of GKE back, where the environment pins one", () => {
    const pinned = definition({ cluster: { minVersion: "1.34" } });
    const made = throwAway(pinned, { project: "acme-live", location: "europe-west4-a" }, "ab12", "/tmp/live");
    expect(made.before?.cluster?.minVersion).toBe("1.33");
    expect(made.before?.location).toBe("europe-west4-a");
    expect(throwAway(definition(), { project: "acme-live" }, "ab12", "/tmp/live").before).toBeUndefined();
  });
});

describe("the bound of what it costs", () => {
  const pool = (changes: object) => definition({ nodePools: [{ name: "a", minNodes: 1, maxNodes: 2, ...changes }] });

  test("counts every vCPU and GB at the pool's limit, in every zone where that is what is limited", () => {
    // 4 vCPUs at 0.07 and 16 GB at 0.01 are 0.44 a node; 0.60 for the cluster and the rest.
    expect(hourlyBound(pool({ machineType: "e2-standard-4" }))).toBe(1.48);
    expect(
      hourlyBound(pool({ machineType: "e2-standard-4", minNodes: undefined, maxNodes: undefined, maxNodesPerZone: 2 })),
    ).toBe(3.24);
    expect(hourlyBound(pool({ machineType: "e2-highmem-4", maxNodes: 1 }))).toBe(1.2);
  });

  test.each([
    { machineType: "a2-highgpu-1g" },
    { machineType: "n1-standard-4", accelerators: [{ type: "nvidia-tesla-t4", count: 1 }] },
  ])("is not known for %j", (changes) => expect(hourlyBound(pool(changes))).toBeUndefined());

  test("is known for Autopilot", () => {
    expect(hourlyBound(definition({ nodePools: [], cluster: { autopilot: true }, dataplane: Dataplane.v2() }))).toBe(
      2.36,
    );
  });
});

describe("its arguments", () => {
  test("have safe defaults", () => {
    expect(parseLiveArguments(["dev", "--project", "p"])).toEqual({
      environment: "dev",
      project: "p",
      hours: 3,
      maxCost: 25,
      without: [],
      report: "live-report.md",
      yes: false,
    });
  });

  test("are all told at once where they are wrong", () => {
    const wrong = () => parseLiveArguments(["--hours=-1", "--max-cost", "none", "--without", "destroy"]);
    for (const part of [
      "name one environment",
      "--project is missing",
      "--hours (-1)",
      "--max-cost (none)",
      "--without destroy",
    ])
      expect(wrong).toThrow(part);
  });
});

describe("its steps", () => {
  const passed = () => Promise.resolve("seen");
  const fails = () => Promise.reject(new Error("no way"));
  const outcomes = (run: LiveRun) => run.steps.map(({ outcome }) => outcome);

  test("end with the first that fails, but for what clears away", async () => {
    const run = new LiveRun(
      1,
      () => {},
      () => 0,
    );
    await run.step("a", passed);
    await run.step("b", fails);
    await run.step("c", passed);
    await run.step("destroy", passed, { always: true });
    expect(outcomes(run)).toEqual(["passed", "failed", "not run", "passed"]);
    expect(run.failed).toBe(true);
    expect(run.steps[2]?.detail).toBe("an earlier step failed");
  });

  test("end when the time is over", async () => {
    let now = 0;
    const run = new LiveRun(
      10,
      () => {},
      () => now,
    );
    await run.step("a", passed);
    now = 11;
    await run.step("b", passed);
    await run.step("destroy", passed, { always: true });
    expect(outcomes(run)).toEqual(["passed", "not run", "passed"]);
    expect(run.failed).toBe(false);
  });

  test("end when somebody interrupts", async () => {
    const run = new LiveRun(
      10,
      () => {},
      () => 0,
    );
    run.stop("interrupted");
    await run.step("a", passed);
    await run.step("destroy", passed, { always: true });
    expect(run.steps.map(({ detail }) => detail)).toEqual(["interrupted", "seen"]);
  });

  test("go on where one is not possible here", async () => {
    const run = new LiveRun(
      10,
      () => {},
      () => 0,
    );
    await run.step("a", () => Promise.reject(new NotPossible("no kubectl")));
    await run.step("b", passed);
    expect(outcomes(run)).toEqual(["not run", "passed"]);
  });
});

test("its report says what ran, what failed and with what, and hides whose project it was", () => {
  const text = renderLiveReport({
    environment: "staging",
    dataplane: "kube-proxy-free",
    location: "europe-west4",
    startedAt: new Date(0),
    steps: [
      { title: "all stacks deploy", outcome: "passed", seconds: 60, detail: "3 stacks" },
      { title: "a second plan is empty", outcome: "failed", seconds: 5, detail: "Error: acme-live | has\nchanges" },
    ],
    versions: { google: "6.50.0" },
    costBound: 4.5,
    cloud: "Google Cloud",
    hidden: { "acme-live": "<project>" },
  });
  expect(text).not.toContain("acme-live");
  expect(text).toContain("1 steps passed, 1 failed, 0 not run, in 1 min. It cost at most 4.50 USD.");
  expect(text).toContain("| all stacks deploy | passed | 60 | 3 stacks |");
  expect(text).toContain("```text\nError: <project> | has\nchanges\n```");
});
