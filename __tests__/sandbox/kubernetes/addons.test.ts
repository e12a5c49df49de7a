import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADDON_NAMES, addonObjects, addonsOf, fillIn } from "../../../sandbox/kubernetes/addons";
import { cluster } from "./fixtures";

const V2 = { networkConfig: { datapathProvider: "ADVANCED_DATAPATH" } };

describe("addonsOf", () => {
  test.each([
    ["a cluster without anything", {}, ["core"]],
    ["Calico", { networkPolicy: { enabled: true, provider: "CALICO" } }, ["core", "calico"]],
    [
      "Calico whose addon is off",
      { networkPolicy: { enabled: true }, addonsConfig: { networkPolicyConfig: { disabled: true } } },
      ["core"],
    ],
    ["Dataplane V2", V2, ["core", "dataplane-v2"]],
    [
      "Dataplane V2 with everything",
      {
        networkConfig: {
          ...V2.networkConfig,
          enableFqdnNetworkPolicy: true,
          enableCiliumClusterwideNetworkPolicy: true,
        },
        monitoringConfig: { advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: true } },
      },
      ["core", "dataplane-v2", "datapath-relay", "fqdn-network-policy", "cilium-clusterwide-network-policy"],
    ],
    [
      "the relay without Dataplane V2",
      { monitoringConfig: { advancedDatapathObservabilityConfig: { enableRelay: true } } },
      ["core"],
    ],
    [
      "managed Prometheus",
      { monitoringConfig: { managedPrometheusConfig: { enabled: true } } },
      ["core", "managed-prometheus"],
    ],
    ["workload identity", { workloadIdentityConfig: { workloadPool: "p.svc.id.goog" } }, ["core", "metadata-server"]],
    ["NodeLocal DNSCache", { addonsConfig: { dnsCacheConfig: { enabled: true } } }, ["core", "node-local-dns"]],
  ])("%s", (_, resource, expected) => {
    expect(addonsOf(cluster({ resource }))).toEqual(expected);
  });
});

describe("addonObjects", () => {
  let directory: string;
  let definition: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "addons-"));
    definition = join(directory, "ciliumclusterwidenetworkpolicies.yaml");
    writeFileSync(definition, "kind: CustomResourceDefinition\nmetadata: { name: real }\n");
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each(ADDON_NAMES.filter((name) => name !== "cilium-clusterwide-network-policy"))(
    "%s is objects with a kind and a name, each only once",
    (name) => {
      const objects = addonObjects(name, cluster(), []);
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""} ${metadata.name}`);
      expect(objects.length).toBeGreaterThan(0);
      expect(names.filter((text) => /undefined/.test(text))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  test("DNS has the tenth address of the Services range", () => {
    const service = addonObjects("core", cluster(), []).find(({ kind }) => kind === "Service");
    expect(service).toMatchObject({ metadata: { name: "kube-dns" }, spec: { clusterIP: "10.24.0.10" } });
  });

  test("the agent of Dataplane V2 has a port for flow metrics only where they are asked for", () => {
    const ports = (resource: object) => {
      const objects = addonObjects("dataplane-v2", cluster({ resource: { ...V2, ...resource } }), []);
      return JSON.stringify(objects.find(({ metadata }) => metadata.name === "anetd")).includes("flowmetrics");
    };
    expect(ports({})).toBe(false);
    expect(ports({ monitoringConfig: { advancedDatapathObservabilityConfig: { enableMetrics: true } } })).toBe(true);
  });

  test("Cilium's own definitions come out of Cilium's files", () => {
    expect(addonObjects("cilium-clusterwide-network-policy", cluster(), [definition])).toMatchObject([
      { metadata: { name: "real" } },
    ]);
  });
});

test("fillIn names a placeholder that has no value", () => {
  expect(fillIn("a ${B}", { B: "c" })).toBe("a c");
  expect(() => fillIn("a ${B}", {})).toThrow("a manifest asks for ${B}, which has no value");
});
