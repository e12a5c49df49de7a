import { finding, planned, predicted, resources, said } from "./crafted";

const PLACE = { "kubernetes_config_map_v1.c": { metadata: { name: "x" } } };
const HOST = { kubernetes: { host: "https://${data.google_container_cluster.c.endpoint}" } };

describe("a provider logs in with what a data source finds", () => {
  const chain = (project: string, at: "project" | "local" = "project") =>
    resources(PLACE, {
      provider: HOST,
      locals: { project },
      data: {
        google_project: { p: { project_id: at === "local" ? "${local.project}" : project } },
        google_container_cluster: { c: { name: "a", project: "${data.google_project.p.number}" } },
      },
    });

  test("which asks another one that finds something else now", () => {
    expect(finding("ST12", predicted(chain("a"), chain("b")))!.detail).toMatch(/data\.google_project\.p finds/);
    expect(said(predicted(chain("a"), chain("a")))).toEqual([]);
  });

  test("by way of a local", () => {
    expect(said(predicted(chain("a", "local"), chain("b", "local")))).toContain("ST12 critical");
  });
});

describe("a module", () => {
  const module = (m: object, more: object = {}) =>
    resources({ "google_compute_network.n": { name: "n" } }, { module: { m: { source: "./m", ...m } }, ...more });
  const each = (...keys: string[]) => ({ for_each: `\${toset(${JSON.stringify(keys)})}` });

  test.each<[what: string, before: object, after: object, detail: string]>([
    ["an instance by key", each("a", "b"), each("a"), 'module.m: without "b"'],
    ["an instance by number", { count: 2 }, { count: 1 }, "module.m: without 1"],
    ["all of them", { count: 1 }, { count: 0 }, "module.m: without 0"],
  ])("loses %s", (_, before, after, detail) => {
    const stack = predicted(module(before), module(after));
    expect(said(stack)).toEqual(["ST18 high"]);
    expect(finding("ST18", stack)!.detail).toBe(detail);
    expect(said(predicted(module(after), module(before)))).toEqual([]);
  });

  test("loses an instance by a local that nothing else reads", () => {
    const counted = (n: number) => module({ count: "${local.n}" }, { locals: { n } });
    expect(said(predicted(counted(2), counted(1)))).toEqual(["ST18 high"]);
    expect(said(predicted(counted(1), counted(2)))).toEqual([]);
  });

  test("gets a count, which Terraform takes for the same", () => {
    expect(said(predicted(module({}), module({ count: 1 })))).toEqual([]);
  });

  test("is managed by another provider", () => {
    const by = (name: string) => module({ providers: { google: name } });
    expect(said(predicted(by("google.a"), by("google.b")))).toEqual(["ST18 high"]);
  });

  test("goes, is only let go, or is called otherwise", () => {
    const bare = (more: object) => resources({ "google_compute_network.n": { name: "n" } }, more as never);
    expect(said(predicted(module({}), bare({})))).toEqual(["ST18 high"]);
    const removed = [{ from: "module.m", lifecycle: { destroy: false } }];
    expect(said(predicted(module({}), bare({ removed })))).toEqual(["ST18 medium"]);
    const moved = [{ from: "module.m", to: "module.k" }];
    expect(said(predicted(module({}), bare({ module: { k: { source: "./m" } }, moved })))).toEqual([]);
  });

  test("is in the plan with all that is in it, and needs no rule of its own there", () => {
    const [base, head] = [module({ count: 2 }), module({ count: 1 })];
    expect(said(planned([["terraform_data.t", "update", { input: 1 }, { input: 2 }]], {}, base, head))).toEqual([]);
  });

  test("of which nothing is in the state", () => {
    const all: Parameters<typeof planned>[0] = [["google_compute_network.n", "create", null, { name: "n" }]];
    const empty = planned(all, {}, module({}), module({}));
    expect(said(empty)).toContain("ST14 critical");
  });
});

test("what is only let go is told before the plan, too", () => {
  const removed = [{ from: "google_compute_network.n", lifecycle: { destroy: false } }];
  const stack = predicted(resources({ "google_compute_network.n": { name: "n" } }), resources({}, { removed }));
  expect(said(stack)).toEqual(["ST7 medium"]);
});

test("Terraform finds something to apply that its plan does not name", () => {
  const verdict = (more: object) => planned([], more as never).resources.map(({ address }) => address);
  expect(verdict({ applyable: true })).toEqual(["terraform"]);
  expect(verdict({ applyable: false })).toEqual([]);
  expect(verdict({ applyable: true, output_changes: { a: { actions: ["create"], before: null, after: 1 } } })).toEqual(
    [],
  );
});

test("a check of which one instance fails", () => {
  const check = (status: string) => ({
    checks: [
      {
        address: { to_display: "check.c" },
        status: "unknown",
        instances: [{ status: "pass" }, { status, problems: [{ message: "no answer" }] }],
      },
    ],
  });
  expect(said(planned([], check("fail")))).toEqual(["ST15 medium"]);
  expect(said(planned([], check("unknown")))).toEqual([]);
});
