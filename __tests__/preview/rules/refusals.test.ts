import { finding, planned, predicted, resources, said } from "./crafted";

const FIRST = { create_before_destroy: true };
const network = (name: string) => ({ name, auto_create_subnetworks: false });

describe("what Terraform refuses to plan", () => {
  test.each<[what: string, before: object, after: object]>([
    ["count", { count: 1 }, { count: 0 }],
    ["for_each", { for_each: '${toset(["a", "b"])}' }, { for_each: '${toset(["a"])}' }],
  ])("an object whose key goes from %s, while its block says prevent_destroy", (_, before, after) => {
    const bucket = (more: object) =>
      resources({
        "google_storage_bucket.b": { name: "x", location: "EU", lifecycle: { prevent_destroy: true }, ...more },
      });
    const stack = predicted(bucket(before), bucket(after));
    expect(said(stack)).toContain("ST13 high");
    expect(finding("ST13", stack)!.detail).toMatch(/^google_storage_bucket\.b\[.*\] has prevent_destroy/);
  });

  test("prevent_destroy as text", () => {
    const guarded = (name: string) =>
      resources({ "google_compute_network.n": { ...network(name), lifecycle: { prevent_destroy: "true" } } });
    expect(said(predicted(guarded("a"), guarded("b")))).toContain("ST13 high");
  });

  test("prevent_destroy goes with its block, and refuses nothing", () => {
    const guarded = { "google_storage_bucket.b": { name: "x", lifecycle: { prevent_destroy: true } } };
    expect(said(predicted(resources(guarded), resources({})))).toEqual(["DA1 critical"]);
  });

  const changed = { "google_compute_network.n": { ...network("n"), routing_mode: "GLOBAL" } };
  const before = resources({ "google_compute_network.n": network("n") });
  test.each<[what: string, more: object, message: string]>([
    [
      "a variable",
      {
        variable: { size: { default: 1, validation: [{ condition: "${var.size > 1}", error_message: "too small" }] } },
      },
      "variable.size: too small",
    ],
    [
      "an output",
      {
        variable: { size: { default: 1 } },
        output: { o: { value: 1, precondition: [{ condition: "${var.size > 1}", error_message: "not so" }] } },
      },
      "output.o: not so",
    ],
    [
      "a data source",
      {
        variable: { size: { default: 1 } },
        data: {
          google_project: {
            p: { lifecycle: { precondition: [{ condition: "${var.size > 1}", error_message: "no project" }] } },
          },
        },
      },
      "data.google_project.p: no project",
    ],
  ])("a condition of %s that does not hold", (_, more, message) => {
    expect(finding("ST13", predicted(before, resources(changed, more as never)))!.detail).toBe(message);
    const sound = JSON.parse(JSON.stringify(more).replaceAll("> 1}", "> 0}"));
    expect(finding("ST13", predicted(before, resources(changed, sound)))).toBeUndefined();
  });

  test("a postcondition on what the configuration itself says", () => {
    const with_ = (condition: string) =>
      resources({
        "google_compute_network.n": {
          ...changed["google_compute_network.n"],
          lifecycle: { postcondition: [{ condition, error_message: "wrong name" }] },
        },
      });
    expect(finding("ST13", predicted(before, with_('${self.name == "m"}')))!.detail).toMatch(/wrong name$/);
    expect(finding("ST13", predicted(before, with_('${self.name == "n"}')))).toBeUndefined();
    // Known after the apply only.
    expect(finding("ST13", predicted(before, with_('${self.gateway_ipv4 == "m"}')))).toBeUndefined();
  });

  test("a postcondition on what Terraform leaves alone is asked of what is there", () => {
    const cluster = (more: object) =>
      resources({ "google_container_cluster.c": { name: "c", location: "a-b1", ...more } });
    const encrypted = (state = "ENCRYPTED") => ({ database_encryption: { state, key_name: "k" } });
    const guarded = (more: object) => ({
      ...more,
      lifecycle: {
        ignore_changes: ["database_encryption[0].state"],
        postcondition: [
          { condition: '${self.database_encryption[0].state != "DECRYPTED"}', error_message: "not encrypted yet" },
        ],
      },
    });
    // GKE's Secrets are in the clear where the base says nothing of them.
    const found = finding("ST13", predicted(cluster({}), cluster(guarded(encrypted()))))!;
    expect(found.detail).toBe("google_container_cluster.c: not encrypted yet");
    expect(found.remedy).toMatch(/Where that has been done, the plan passes/);
    expect(finding("ST13", predicted(cluster(encrypted("DECRYPTED")), cluster(guarded(encrypted()))))).toBeDefined();
    // Whichever way blocks are written, and whatever else is left alone.
    const listed = { database_encryption: [{ state: "ENCRYPTED", key_name: "k" }] };
    expect(finding("ST13", predicted(cluster({}), cluster(guarded(listed))))).toBeDefined();
    const all = guarded(encrypted());
    const untouched = { ...all, lifecycle: { ...all.lifecycle, ignore_changes: "all" }, min_master_version: "1.34" };
    const both = resources({
      "google_container_cluster.c": { name: "c", location: "a-b1", ...untouched },
      "terraform_data.other": { input: 1 },
    });
    expect(finding("ST13", predicted(cluster({}), both))).toBeDefined();
    expect(finding("ST13", predicted(cluster(listed), cluster(guarded({ ...listed, name: "c" }))))).toBeUndefined();
    // It is encrypted already, or made anew with what the configuration says.
    expect(
      finding("ST13", predicted(cluster(encrypted()), cluster(guarded({ ...encrypted(), name: "c" })))),
    ).toBeUndefined();
    expect(finding("ST13", predicted(resources({}), cluster(guarded(encrypted()))))).toBeUndefined();
    const elsewhere = { ...guarded(encrypted()), location: "a-b2" };
    expect(finding("ST13", predicted(cluster({}), cluster(elsewhere)))).toBeUndefined();
  });
});

describe("something create-first goes while what it depends on is replaced (recorded with Terraform 1.11: Error: Cycle)", () => {
  const below = (trigger: number) => ({ "terraform_data.n": { triggers_replace: trigger } });
  const above = (needs: string, more: object = {}) => ({
    "terraform_data.t": { depends_on: [needs], lifecycle: FIRST, ...more },
  });
  const between = { "terraform_data.m": { input: "${terraform_data.n.id}" } };

  test.each<[what: string, before: object, after: object]>([
    ["directly", { ...below(1), ...above("terraform_data.n") }, below(2)],
    ["through another", { ...below(1), ...between, ...above("terraform_data.m") }, { ...below(2), ...between }],
    ["through another that goes, too", { ...below(1), ...between, ...above("terraform_data.m") }, below(2)],
  ])("%s", (_, before, after) => {
    const stack = predicted(resources(before as never), resources(after as never));
    expect(finding("ST13", stack)!.detail).toMatch(/^Error: Cycle: terraform_data\.t .* terraform_data\.n/);
  });

  const base = resources({ ...below(1), ...above("terraform_data.n") });
  test.each<[what: string, after: object, more: object]>([
    ["nothing below is replaced", below(1), {}],
    ["its block stays", { ...below(2), ...above("terraform_data.n", { count: 0 }) }, {}],
    ["it is only forgotten", below(2), { removed: [{ from: "terraform_data.t", lifecycle: { destroy: false } }] }],
    [
      "another one keeps the order",
      { ...below(2), "terraform_data.u": { depends_on: ["terraform_data.n"], lifecycle: FIRST } },
      {},
    ],
  ])("not where %s", (_, after, more) => {
    expect(finding("ST13", predicted(base, resources(after as never, more as never)))).toBeUndefined();
  });

  test("a plan that says nothing of it", () => {
    const head = resources(below(2));
    const stack = planned(
      [
        ["terraform_data.n", "delete,create", { triggers_replace: 1 }, { triggers_replace: 2 }],
        ["terraform_data.t", "delete", {}, null],
      ],
      { applyable: true, complete: true },
      base,
      head,
    );
    expect(finding("ST13", stack)!.detail).toMatch(/^Error: Cycle/);
  });
});
