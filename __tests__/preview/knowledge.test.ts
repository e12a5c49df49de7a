import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPLACING_CHANGES } from "../../lib/facts/providers/replacement";
import { ProviderSchema } from "../../lib/facts/providers/schema";
import { compareVersions, minorSteps, parseVersion } from "../../lib/facts/semver";
import { CiliumChart } from "../../lib/preview/knowledge/cilium-chart";
import { isSuppressed, replaces } from "../../lib/preview/knowledge/replacement";
import google from "../../node_modules/@cdktf/provider-google/package.json";
import helm from "../../node_modules/@cdktf/provider-helm/package.json";
import kubernetes from "../../node_modules/@cdktf/provider-kubernetes/package.json";

const schema = ProviderSchema.load();

test("the tables are of the very provider versions that the bindings in use stand for", () => {
  const bound = [google, helm, kubernetes].map(({ cdktf }) => [
    cdktf.provider.name.split("/").pop(),
    cdktf.provider.version,
  ]);
  expect(Object.fromEntries(bound)).toEqual(schema.versions);
});

describe("what forces a replacement", () => {
  test.each<[type: string, path: string, forced: boolean]>([
    ["google_container_cluster", "datapath_provider", true],
    ["google_container_cluster", "node_config.disk_type", false],
    ["google_container_cluster", "network_policy.enabled", false],
    ["google_container_node_pool", "max_pods_per_node", true],
    ["google_container_node_pool", "node_config.machine_type", false],
    ["google_container_node_pool", "node_config.spot", true],
    ["google_project_iam_custom_role", "role_id", true],
    ["google_project_iam_custom_role", "permissions", false],
    ["google_iam_workload_identity_pool", "workload_identity_pool_id", true],
    ["google_iam_workload_identity_pool_provider", "attribute_condition", false],
    ["helm_release", "name", true],
    ["helm_release", "namespace", true],
    ["helm_release", "chart", false],
    ["kubernetes_namespace_v1", "metadata.name", true],
    ["some_unknown_type", "name", false],
  ])("%s.%s: %s", (type, path, forced) => expect(replaces(schema, type, path, "a", "b")).toBe(forced));

  test("is known of every type that this library makes", () => {
    const library = join(__dirname, "../../lib");
    const files = readdirSync(library, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const made = files.flatMap((name) =>
      [
        ...readFileSync(join(library, name), "utf8").matchAll(
          /"@cdktf\/provider-(\w+)\/lib\/(?!data-|provider")([\w-]+)"/g,
        ),
      ].map(([, provider, type]) => `${provider}_${type!.replaceAll("-", "_")}`),
    );
    expect(made.length).toBeGreaterThan(30);
    expect([...new Set(made)].filter((type) => !schema.knows(type))).toEqual([]);
  });

  test("every condition names an attribute that its type has", () => {
    for (const path of Object.keys(REPLACING_CHANGES)) expect(schema.knows(path.split(".")[0]!)).toBe(true);
  });

  test("what is the same to the provider is told so, and nothing else", () => {
    expect(isSuppressed("google_container_cluster", "network", "projects/p/global/networks/n", "n")).toBe(true);
    expect(isSuppressed("google_container_cluster", "network", "projects/p/global/networks/n", "m")).toBe(false);
    expect(isSuppressed("google_container_cluster", "location", "projects/p/global/networks/n", "n")).toBe(false);
    expect(isSuppressed("helm_release", "network", "a/n", "n")).toBe(false);
  });
});

describe("sensitive attributes of the providers", () => {
  test.each<[type: string, path: string, sensitive: boolean]>([
    ["google_container_cluster", "master_auth.client_key", true],
    ["google_container_cluster", "name", false],
    ["google_sql_user", "password", true],
    ["helm_release", "repository_password", true],
    ["kubernetes_secret_v1", "data.anything", true],
    ["kubernetes_config_map_v1", "data.anything", false],
  ])("%s.%s: %s", (type, path, sensitive) => expect(schema.isSensitive(type, path)).toBe(sensitive));
});

describe("CiliumChart", () => {
  const chart = CiliumChart.load();
  const version = (text: string) => parseVersion(text)!;

  test("knows a minor by the patch that is tabled", () => {
    expect(chart.tabled(version("1.20.0"))).toBe("1.20.2");
    expect(chart.tabled(version("1.17.3"))).toBeUndefined();
    expect(chart.defaultOf("ipam.mode", version("1.19.0"))).toBe("cluster-pool");
    expect(chart.defaultOf("no.such.key", version("1.19.0"))).toBeUndefined();
  });

  test("tells what an upgrade brings besides the values that are set", () => {
    const upgrade = chart.upgrade("1.18.12", "1.19.6", { authentication: { enabled: true } })!;
    expect(upgrade.basis).toBe("according to the charts of exactly these two versions");
    const keys = upgrade.changedDefaults.map(({ key }) => key);
    // Set by the release, so its default does not matter; the other one switches what policies mean.
    expect(keys).not.toContain("authentication.enabled");
    expect(upgrade.changedDefaults).toContainEqual({
      key: "clustermesh.policyDefaultLocalCluster",
      before: "false",
      after: "true",
    });
    expect(keys.filter((key) => key.includes("image"))).toEqual([]);
  });

  test("says on what its word is based, and that it does not know", () => {
    expect(chart.upgrade("1.19.2", "1.20.0", {})!.basis).toMatch(/1\.19\.6 and 1\.20\.2/);
    expect(chart.upgrade("1.20.0", "1.20.2", {})!.basis).toMatch(/within one minor/);
    expect(chart.upgrade("1.16.1", "1.21.0", {})!.basis).toMatch(
      /nothing is known of the values of 1\.16\.1 and 1\.21\.0/,
    );
    expect(chart.upgrade("1.20.2", "1.20.2", {})).toBeUndefined();
    expect(chart.upgrade("latest", "1.20.2", {})).toBeUndefined();
  });

  test("names values that are gone, with what took their place", () => {
    const values = {
      bpf: { hostRouting: true },
      clustermesh: { enableMCSAPISupport: true },
      podAnnotations: { "a.b/c": "d" },
      debug: { enabled: true },
    };
    expect(chart.lostKeys(values, version("1.20.2"))).toEqual([
      { key: "bpf.hostRouting", instead: "bpf.hostLegacyRouting, which is the opposite of what the name promised" },
      { key: "clustermesh.enableMCSAPISupport", instead: "clustermesh.mcsapi.enabled" },
    ]);
    expect(chart.lostKeys(values, version("1.19.6")).map(({ key }) => key)).toEqual(["bpf.hostRouting"]);
  });

  test("tells where the chart refuses to render", () => {
    expect(chart.refusedKeys({ enableCiliumEndpointSlice: true }, version("1.18.1"))).toEqual([
      "enableCiliumEndpointSlice",
    ]);
    expect(chart.refusedKeys({ enableCiliumEndpointSlice: true }, version("1.17.1"))).toEqual([]);
  });
});

describe("versions", () => {
  test("are read as people and GKE write them", () => {
    expect(parseVersion("v1.33.5-gke.1080000")).toEqual({ major: 1, minor: 33, patch: 5, gke: 1080000 });
    expect(parseVersion("1.33")).toEqual({ major: 1, minor: 33, patch: 0 });
    for (const text of ["latest", "", "1", undefined, 1.2]) expect(parseVersion(text)).toBeUndefined();
  });

  test("are counted in minors", () => {
    const steps = (from: string, to: string) => minorSteps(parseVersion(from)!, parseVersion(to)!);
    expect([steps("1.18.1", "1.20.0"), steps("1.20.0", "1.19.9"), steps("1.20.0", "1.20.9")]).toEqual([2, -1, 0]);
    expect(compareVersions(parseVersion("1.2.3")!, parseVersion("1.10.0")!)).toBeLessThan(0);
  });
});
