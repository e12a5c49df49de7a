import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Secrets } from "../../../lib/preview/diff/secrets";
import type { ResourceChange, StackChanges } from "../../../lib/preview/model/changes";
import { readPlan } from "../../../lib/preview/readers/plan";
import { FIXTURES, reportOf } from "../support";

const STACK = { name: "dev-cluster", dependencies: [], directory: ".", annotations: [] };

function load(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(FIXTURES, "plans", `${name}.json`), "utf8"));
}

function read(plan: unknown, secrets = new Secrets()): StackChanges {
  return readPlan(JSON.stringify(plan), "plan", { stack: STACK, secrets });
}

/** A resource in few words. */
function brief({ address, action, order, reason, deposed, previousAddress }: ResourceChange): string {
  return [address.replace("terraform_data.", ""), action, order, reason, deposed && "deposed", previousAddress]
    .filter((part) => part !== undefined)
    .join(" ");
}

describe("actions", () => {
  test.each<[name: string, expected: readonly string[]]>([
    ["empty", ["a no-op"]],
    ["nothing-at-all", []],
    [
      "actions",
      [
        "created create",
        "first replace create-first replace_because_cannot_update",
        "kept no-op",
        "removed delete delete_because_no_resource_config",
        "replaced replace delete-first replace_because_cannot_update",
        "updated update",
      ],
    ],
    ["moved", ["fresh move terraform_data.old", "fresher update terraform_data.older"]],
    [
      "repeated",
      [
        'each["a"] no-op',
        'each["b"] delete delete_because_each_key',
        "many[0] no-op",
        "many[1] delete delete_because_count_index",
        "many[2] delete delete_because_count_index",
        "turned[0] move terraform_data.turned",
      ],
    ],
    ["tainted", ["a replace delete-first replace_because_tainted", "b replace delete-first replace_by_request"]],
    ["triggered", ["cause update", "effect replace delete-first replace_by_triggers"]],
    ["deposed", ["a replace create-first replace_because_tainted", "a delete deposed"]],
    ["imported", ["a import"]],
    ["forgotten", ["a forget delete_because_no_resource_config"]],
    ["outputs", ["a no-op"]],
  ])("of a recorded plan: %s", (name, expected) => {
    expect(read(load(name)).resources.map(brief)).toEqual(expected);
  });

  // Recorded with Terraform 1.11, which has neither; the orders are those of OpenTofu 1.12 and of the format's text.
  test.each<[actions: readonly string[], action: string, order: string | undefined]>([
    [["create", "forget"], "replace", "forget"],
    [["forget", "create"], "replace", "forget"],
    [["open"], "other", undefined],
    [["update", "open"], "other", undefined],
  ])("%j is told as %s", (actions, action, order) => {
    const plan = load("forgotten");
    const [resource] = plan["resource_changes"] as { change: { actions: readonly string[] } }[];
    resource!.change.actions = actions;
    expect(read(plan).resources[0]).toMatchObject({ action, order });
  });

  test("an import by identity is shown by what identifies it", () => {
    const plan = load("imported");
    const [resource] = plan["resource_changes"] as { change: { importing: unknown } }[];
    resource!.change.importing = { identity: { project: "acme", name: "dev" } };
    expect(read(plan).resources[0]).toMatchObject({ action: "import", importing: '{"project":"acme","name":"dev"}' });
  });
});

describe("what a plan says beside its resources", () => {
  test("an errored plan is not whole, and never a stack without changes", () => {
    const stack = read(load("errored"));
    expect(stack.partial).toMatch(/error half way/);
    expect(reportOf([stack]).stacks[0]).toMatchObject({ status: "incomplete" });
  });

  test("a plan that another must follow is not whole", () => {
    expect(read({ ...load("empty"), complete: false }).partial).toMatch(/another plan/);
    expect(read({ ...load("empty"), deferred_changes: [{ reason: "unknown" }] }).partial).toMatch(/put off 1/);
  });

  test("outputs alone are a change, as they are to Terraform", () => {
    const report = reportOf([read(load("outputs"))]);
    expect(report.stacks[0]).toMatchObject({ status: "changed", outputs: 1, notes: ["Only outputs change."] });
    expect(report.verdict).toBe("changes");
  });

  test("a failing check is told with its message", () => {
    expect(read(load("checks")).checks).toEqual([
      { address: "check.reachable", status: "fail", messages: ["a is not y"] },
    ]);
  });

  test("drift is shown where the plan depends on it", () => {
    const plan = load("actions");
    const change = { actions: ["update"], before: { input: "x" }, after: { input: "z" }, after_unknown: {} };
    const drifted = {
      address: "terraform_data.updated",
      mode: "managed",
      type: "terraform_data",
      name: "updated",
      change,
    };
    const other = { ...drifted, address: "terraform_data.kept", name: "kept" };
    const relevant = [{ resource: "terraform_data.updated", attribute: ["input"] }];
    const drift = read({ ...plan, resource_drift: [drifted, other], relevant_attributes: relevant }).drift;
    expect(drift.map(({ address }) => address)).toEqual(["terraform_data.updated"]);
    const nothingPlanned = { ...load("empty"), resource_drift: [drifted], relevant_attributes: relevant };
    expect(read(nothingPlanned).drift).toEqual([]);
    const all = readPlan(JSON.stringify(nothingPlanned), "plan", {
      stack: STACK,
      secrets: new Secrets(),
      allDrift: true,
    });
    expect(all.drift).toHaveLength(1);
  });
});

describe("fields", () => {
  const fields = (name: string, resource: string) =>
    read(load(name)).resources.find(({ address }) => address === `terraform_data.${resource}`)!;

  test("of a replacement name what forces it", () => {
    expect(fields("actions", "replaced").fields).toEqual([
      { path: "triggers_replace[0]", kind: "changed", before: "a", after: "b", forces: true },
    ]);
  });

  test("tell an unknown list element from an unchanged one", () => {
    expect(fields("unknown", "a").fields).toEqual([]);
    expect(fields("unknown", "a").recomputed).toEqual(["input.list[1]", "output"]);
  });

  test("compare JSON and YAML in strings key by key, and texts line by line", () => {
    expect(fields("documents", "json").fields).toEqual([
      { path: "input › a.b", kind: "changed", before: "1", after: "2" },
      { path: "input › c", kind: "added", before: undefined, after: "3" },
    ]);
    // The anchor is followed: what it stands for changes in both places.
    expect(fields("documents", "yaml").fields.map(({ path }) => path)).toEqual([
      "input › hubble.relay.enabled",
      "input › ui.relay.enabled",
    ]);
    expect(fields("documents", "formatted").fields).toEqual([
      { path: "input", kind: "changed", note: "only the formatting differs" },
    ]);
    expect(fields("documents", "broken").fields).toEqual([
      { path: "input", kind: "changed", lines: ["-a: [1", "+a: [2", " b: 2"] },
    ]);
    expect(fields("documents", "script").fields[0]!.lines).toEqual([
      " set -e",
      " echo one",
      "-echo two",
      "+echo 2",
      " echo three",
    ]);
  });
});

describe("secrets", () => {
  const OLD = "correct horse battery";
  const NEW = "tr0ub4dor and three";

  test("are masked by mark, in the provider's unmarked copy, and within other texts, in the model and in the report", () => {
    const secrets = new Secrets();
    const stack = read(load("sensitive"), secrets);
    const report = JSON.stringify(reportOf([stack], { secrets }));
    for (const secret of [OLD, NEW]) expect(report).not.toContain(secret);
    const a = stack.resources.find(({ address }) => address === "terraform_data.a")!;
    expect(a.fields).toEqual([
      { path: "input.all", kind: "changed", before: "(sensitive value)", after: "x" },
      { path: "input.list[1]", kind: "changed", before: "(sensitive value)", after: "(sensitive value)" },
      { path: "input.map.key", kind: "changed", before: "(sensitive value)", after: "(sensitive value)" },
      { path: "input.map.plain", kind: "changed", before: "p", after: "q" },
    ]);
    const b = stack.resources.find(({ address }) => address === "terraform_data.b")!;
    expect(b.fields).toEqual([
      { path: "input.copy", kind: "added", before: undefined, after: "prefix (sensitive value) suffix" },
    ]);
  });

  test("never reach a rule: a marked value is opaque on both sides", () => {
    const { before, after } = read(load("sensitive")).resources.find(({ address }) => address === "terraform_data.a")!;
    expect(JSON.stringify([before?.["input"], after?.["input"]])).not.toMatch(/correct horse|tr0ub4dor/);
  });
});
