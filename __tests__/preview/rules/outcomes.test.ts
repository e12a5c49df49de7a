import { finding, planned, predicted, resources, said } from "./crafted";

const C = "google_container_cluster.c";
const P = "google_container_node_pool.p";
const FIRST = { lifecycle: { create_before_destroy: true } };
const cluster = (more: object = {}) => ({ name: "dev", location: "a", deletion_protection: false, ...more });

describe("a cluster that is to be replaced", () => {
  const app = (more: object, pool: object = {}) =>
    resources({ [C]: cluster(more), [P]: { name: "p", cluster: `\${${C}.name}`, location: "a", ...pool } });

  test("is destroyed first where nothing says otherwise", () => {
    const stack = predicted(app({}), app({ network: "n" }));
    expect(finding("GK1", stack)).toMatchObject({
      severity: "critical",
      detail: "cluster dev is replaced because of network",
    });
    expect(said(stack)).toContain("NP8 high");
  });

  test("stays where a pool is create-first, because its name is taken: nothing is destroyed", () => {
    const stack = predicted(app({}, FIRST), app({ network: "n" }, FIRST));
    expect(said(stack)).toEqual(["ST17 high", "GK1 high"]);
    expect(finding("GK1", stack)!.consequence).toMatch(/creation fails.*the old cluster stays/);
  });

  test("is made beside the old one where the place is another", () => {
    const stack = predicted(app({}, FIRST), app({ location: "b" }, { ...FIRST, location: "b" }));
    expect(said(stack)).toEqual(["GK1 critical", "NP10 medium"]);
    expect(finding("GK1", stack)!.detail).toMatch(/because of location, the new one first/);
  });

  test("but not where both need one range for Services", () => {
    const policy = { ip_allocation_policy: { services_secondary_range_name: "services" } };
    const stack = predicted(app(policy, FIRST), app({ ...policy, location: "b" }, { ...FIRST, location: "b" }));
    expect(said(stack)).toEqual(["ST17 high", "GK1 high", "NP10 medium"]);
    expect(finding("ST17", stack)!.detail).toBe("both need the range services for Services");
  });

  test("with deletion protection fails the apply, at the very end where the new one comes first", () => {
    const guarded = { deletion_protection: true };
    expect(finding("GK2", predicted(app(guarded), app({ ...guarded, network: "n" })))!.detail).toBe(
      "cluster dev has deletion_protection on",
    );
    const beside = predicted(app(guarded, FIRST), app({ ...guarded, location: "b" }, FIRST));
    expect(finding("GK2", beside)!.consequence).toMatch(/two clusters are left/);
    // The creation fails before anything is deleted.
    expect(said(predicted(app(guarded, FIRST), app({ ...guarded, network: "n" }, FIRST)))).not.toContain("GK2 high");
  });

  test("under prevent_destroy makes Terraform refuse the plan, and what else is said says so", () => {
    const guard = { lifecycle: { prevent_destroy: true } };
    const stack = predicted(app(guard), app({ ...guard, network: "n" }));
    expect(finding("ST13", stack)!.detail).toMatch(/has prevent_destroy, and is to be replaced/);
    expect(finding("GK1", stack)).toMatchObject({
      detail: expect.stringMatching(/not while Terraform refuses the plan/),
    });
    expect(finding("GK1", stack)!.consequence).toMatch(/nothing happens/);
    // A plan of Terraform's own shows the same action, and the same guard in the synth.
    const plan = planned(
      [[C, "delete,create", cluster(), cluster({ network: "n" }), { replace_paths: [["network"]] }]],
      { errored: true },
      app(guard),
      app(guard),
    );
    expect(said(plan)).toEqual(expect.arrayContaining(["ST13 high", "ST9 high"]));
  });
});

describe("a precondition", () => {
  const app = (wanted: string, input = wanted) =>
    resources({
      "terraform_data.datapath": { input: { provider: input }, lifecycle: { ignore_changes: ["input"] } },
      [C]: {
        ...cluster({ datapath_provider: wanted }),
        lifecycle: {
          precondition: [
            {
              condition: `\${terraform_data.datapath.output.provider == "${wanted}"}`,
              error_message: "runs ${terraform_data.datapath.output.provider}",
            },
          ],
        },
      },
    });

  test("that the configuration shows to be false refuses the plan, in its own words", () => {
    const stack = predicted(app("LEGACY_DATAPATH"), app("ADVANCED_DATAPATH"));
    expect(finding("ST13", stack)!.detail).toBe(`${C}: runs LEGACY_DATAPATH`);
  });

  test("that holds, or that nobody can tell, is no matter", () => {
    const grown = (labels: object) => {
      const template = structuredClone(app("LEGACY_DATAPATH")) as { resource: Record<string, Record<string, object>> };
      Object.assign(template.resource["google_container_cluster"]!["c"]!, { resource_labels: labels });
      return template as unknown as Record<string, unknown>;
    };
    expect(said(predicted(grown({}), grown({ a: "b" })))).toEqual([]);
  });
});

describe("names that are taken", () => {
  const first = (type: string, before: object, after: object, paths: readonly string[]) =>
    planned([
      [`${type}.x`, "create,delete", { ...before }, { ...after }, { replace_paths: paths.map((p) => p.split(".")) }],
    ]);

  test.each<[what: string, type: string, before: object, after: object, paths: string[], rules: string[]]>([
    [
      "a subnet",
      "google_compute_subnetwork",
      { name: "s", region: "a" },
      { name: "s", region: "a" },
      ["description"],
      ["NW4 critical", "ST17 high"],
    ],
    [
      "a pool",
      "google_container_node_pool",
      { name: "p", cluster: "c" },
      { name: "p", cluster: "c" },
      ["node_config.spot"],
      ["NP2 high"],
    ],
    [
      "a pool of another cluster",
      "google_container_node_pool",
      { name: "p", cluster: "c" },
      { name: "p", cluster: "d" },
      ["cluster"],
      ["NP10 medium"],
    ],
    [
      "a pool of a cluster that is not known yet",
      "google_container_node_pool",
      { name: "p", cluster: "c" },
      { name: "p" },
      ["cluster"],
      ["NP10 medium"],
    ],
    [
      "a pool elsewhere",
      "google_container_node_pool",
      { name: "p", location: "a" },
      { name: "p", location: "b" },
      ["location"],
      ["NP10 medium"],
    ],
    [
      "a pool in another project",
      "google_container_node_pool",
      { name: "p", project: "a" },
      { name: "p", project: "b" },
      ["project"],
      ["NP10 medium"],
    ],
    [
      "a permission",
      "google_project_iam_member",
      { role: "r", member: "m" },
      { role: "r", member: "m" },
      ["condition"],
      [],
    ],
    [
      "a namespaced object",
      "kubernetes_service_v1",
      { metadata: [{ name: "s", namespace: "a" }] },
      { metadata: [{ name: "s", namespace: "a" }] },
      ["spec.cluster_ip"],
      ["ST17 high"],
    ],
  ])("%s", (_, type, before, after, paths, rules) => expect(said(first(type, before, after, paths))).toEqual(rules));
});

test("what an earlier replacement left has the name that going back asks for, and goes last", () => {
  const subnet = (name: string) => ({ name, region: "a" });
  const change = (actions: readonly string[], before: object, after: object | null, more = {}) => ({
    address: "google_compute_subnetwork.x",
    mode: "managed",
    type: "google_compute_subnetwork",
    name: "x",
    change: { actions, before, after, replace_paths: [["name"]] },
    ...more,
  });
  const left = (name: string) => change(["delete"], subnet(name), null, { deposed: "0a1b2c3d" });
  const back = change(["create", "delete"], subnet("two"), subnet("one"));
  const found = finding("ST17", planned([], { resource_changes: [left("one"), back] }));
  expect(found).toMatchObject({
    detail: "what an earlier replacement has left (0a1b2c3d) is called one as well, and is deleted last",
    remedy: expect.stringMatching(/apply it again, which deletes what is left/),
  });
  expect(finding("ST17", planned([], { resource_changes: [left("none"), back] }))).toBeUndefined();
});

test("a release that is made first under its own name is upgraded and then uninstalled, where Helm may upgrade", () => {
  const told = (more: object) =>
    finding(
      "ST17",
      planned([
        ["helm_release.x", "create,delete", { name: "r", namespace: "n" }, { name: "r", namespace: "n", ...more }],
      ]),
    );
  expect(told({ upgrade_install: true })).toMatchObject({
    severity: "critical",
    consequence: expect.stringMatching(/everything of the release is gone/),
  });
  expect(told({})).toMatchObject({ severity: "high", detail: "both are called r" });
  expect(told({ upgrade_install: true, namespace: "m" })).toBeUndefined();
});

test("a grant that is made first as it is goes with the old one", () => {
  const told = (order: string, more: Readonly<Record<string, unknown>> = {}) =>
    finding("ST17", planned([["google_project_iam_member.x", order, { role: "r" }, { role: "r", member: "m" }, more]]));
  expect(told("create,delete")).toMatchObject({
    detail: "both give r to m",
    consequence: expect.stringMatching(/the role is taken away until the next apply/),
  });
  expect(told("create,delete", { replace_paths: [["member"]] })).toBeUndefined();
  expect(told("delete,create")).toBeUndefined();
});

test("a bucket has its name worldwide: not even elsewhere can it be made first", () => {
  const bucket = (location: string) => ({ name: "b", location });
  const change = { replace_paths: [["location"]] };
  expect(
    finding("ST17", planned([["google_storage_bucket.b", "create,delete", bucket("A"), bucket("B"), change]]))!.detail,
  ).toBe("both are called b");
});

test("an environment cannot be renamed; a stack whose objects keep their names can", () => {
  const stack = (name: string, presence: "added" | "removed", called: string) => {
    const network = resources({ "google_compute_network.n": { name: called } });
    const change = presence === "added" ? predicted({}, network) : predicted(network, {});
    return { ...change, name, environment: name.split("-")[0]!, presence };
  };
  const other = finding("ST2", stack("dev-cluster", "removed", "dev"), stack("qa-cluster", "added", "qa"))!;
  expect(other.consequence).toMatch(/cannot be renamed/);
  expect(other.remedy).not.toMatch(/state push/);
  const same = finding("ST2", stack("dev-cluster", "removed", "dev"), stack("qa-cluster", "added", "dev"))!;
  expect(same.remedy).toMatch(/state push/);
});
