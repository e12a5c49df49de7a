import { renderMarkdown } from "../../../lib/preview/render/markdown";
import { reportOf } from "../support";
import { finding, type Planned, planned, predicted, resources, said } from "./crafted";

const KEPT: Planned = ["google_compute_network.n", "no-op", { name: "n" }, { name: "n" }];
const report = (...args: Parameters<typeof planned>) => reportOf([planned(...args)], { failOn: "never" });

test("an action that a provider runs is a change of its own, with what triggers it", () => {
  const action_invocations = [
    {
      address: "action.aws_lambda_invoke.warm",
      type: "aws_lambda_invoke",
      name: "warm",
      config_values: { payload: "{}", password: "hunter2hunter2" },
      lifecycle_action_trigger: {
        triggering_resource_address: "terraform_data.t",
        action_trigger_event: "AfterUpdate",
      },
    },
  ];
  const told = report([KEPT], { action_invocations });
  expect(told.verdict).toBe("changes");
  expect(told.stacks[0]).toMatchObject({ status: "changed", counts: { invoke: 1 } });
  expect(finding("ST16", planned([KEPT], { action_invocations }))!.detail).toBe(
    "action.aws_lambda_invoke.warm runs because of terraform_data.t (AfterUpdate)",
  );
  expect(JSON.stringify(told)).not.toContain("hunter2");
  expect(renderMarkdown(told, {})).toContain("1 action to run");
});

test("a check that fails is never nothing", () => {
  const checks = [
    { address: { to_display: "check.up" }, status: "fail", instances: [{ problems: [{ message: "it is down" }] }] },
  ];
  expect(report([KEPT], { checks }).verdict).toBe("changes");
  expect(finding("ST15", planned([KEPT], { checks }))!.detail).toBe("check.up: it is down");
});

test("what is put off is shown and makes the plan red", () => {
  const deferred_changes = [
    {
      reason: "provider_config_unknown",
      resource_change: {
        address: "kubernetes_namespace_v1.n",
        mode: "managed",
        type: "kubernetes_namespace_v1",
        name: "n",
        change: { actions: ["create"], before: null, after: {} },
      },
    },
  ];
  const told = report([KEPT], { deferred_changes });
  expect(told.verdict).toBe("error");
  expect(told.problems[0]).toMatch(/Terraform put off 1 change to a later plan/);
  expect(told.stacks[0]!.resources.map(({ address }) => address)).toEqual(["kubernetes_namespace_v1.n"]);
});

test.each<[what: string, more: object]>([
  ["that ended in an error", { errored: true }],
  ["that another must follow", { complete: false }],
])("a plan %s is red, whatever the threshold", (_, more) => expect(report([KEPT], { ...more }).verdict).toBe("error"));

test("a kind of resource or action of a later version is shown, not dropped", () => {
  const told = report([["ephemeral_thing.e", "open", null, {}]]);
  expect(told.stacks[0]).toMatchObject({ status: "changed", counts: { other: 1 } });
});

describe("an empty state", () => {
  const network: Planned = ["google_compute_network.n", "create", null, { name: "n" }];
  const had = resources({ "google_compute_network.n": { name: "n" } });

  test("under a stack that existed is said loudly", () => {
    expect(finding("ST14", planned([network], {}, had, had))).toMatchObject({
      severity: "critical",
      detail: "1 of the base's resources to create, and nothing in the state",
    });
  });

  test("is no matter where the stack is new, or where something of it is known", () => {
    expect(said(planned([network], {}, undefined, had))).not.toContain("ST14 critical");
    const other: Planned = ["google_compute_network.m", "create", null, { name: "m" }];
    expect(said(planned([other], {}, had, resources({ "google_compute_network.m": { name: "m" } })))).not.toContain(
      "ST14 critical",
    );
    expect(
      said(planned([network, ["terraform_data.t", "no-op", { id: "1" }, { id: "1" }]], {}, had, had)),
    ).not.toContain("ST14 critical");
  });
});

describe("a plan beside two synths that differ", () => {
  const app = (provider: object) =>
    resources({ "google_compute_network.n": { name: "n" } }, { provider: { google: [provider] } });

  test("is a change though Terraform plans none, and names another project or identity", () => {
    const stack = planned([KEPT], {}, app({ project: "a" }), app({ project: "b" }));
    expect(said(stack)).toEqual(["ST12 critical"]);
    expect(reportOf([stack]).stacks[0]!.status).toBe("changed");
  });

  test.each<[what: string, before: object, after: object]>([
    [
      "through a variable",
      { provider: { google: [{ project: "${var.p}" }] }, variable: { p: { default: "a" } } },
      { provider: { google: [{ project: "${var.p}" }] }, variable: { p: { default: "b" } } },
    ],
    ["by a block that goes", { provider: { google: [{ project: "a" }] } }, {}],
    ["by a block that comes", {}, { provider: { google: [{ impersonate_service_account: "x@y" }] } }],
  ])("names one that changes %s", (_, before, after) => {
    const network = { "google_compute_network.n": { name: "n" } };
    expect(said(predicted(resources(network, { ...before }), resources(network, { ...after })))).toEqual([
      "ST12 critical",
    ]);
  });

  test("names the alias that a resource is now managed by", () => {
    const app = (provider: string | undefined) =>
      resources(
        { "google_compute_network.n": { name: "n", ...(provider ? { provider } : {}) } },
        { provider: { google: [{ project: "a" }, { alias: "b", project: "b" }] } },
      );
    expect(said(predicted(app(undefined), app("google.b")))).toEqual(["ST12 critical"]);
    expect(finding("ST12", predicted(app(undefined), app("google.b")))!.detail).toBe(
      "google_compute_network.n: managed by provider google → google.b",
    );
  });

  test("says nothing of settings that decide neither", () => {
    const stack = planned([KEPT], {}, app({ project: "a" }), app({ project: "a", request_timeout: "60s" }));
    expect(said(stack)).toEqual([]);
    expect(reportOf([stack]).verdict).toBe("changes");
  });
});

test("an update of which nothing is to be seen is shown as it is written", () => {
  const stack = planned([["google_compute_address.a", "update", { labels: null }, { labels: {} }]]);
  expect(stack.resources[0]!.fields).toEqual([{ path: "labels", kind: "changed", before: "null", after: "{}" }]);
  const labels = planned([
    ["google_compute_address.a", "update", { terraform_labels: { a: "1" } }, { terraform_labels: { a: "2" } }],
  ]);
  expect(labels.resources[0]!.fields.map(({ path }) => path)).toEqual(["terraform_labels.a"]);
});
