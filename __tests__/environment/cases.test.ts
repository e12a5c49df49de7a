import { TerraformStack, TerraformVariable } from "cdktf";
import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import {
  describeEnvironment,
  Environment,
  type EnvironmentDefinition,
  environmentsProblems,
} from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { synthEnvironment, synthStacks } from "../../lib/testing";
import { definition } from "../support/definition";

/** What people reported in public about tools of this kind, each with the answer that would have helped. */
const told = (changes: Partial<EnvironmentDefinition>) => environmentsProblems([definition(changes)]).join("\n");
const synthesized = (changes: Partial<EnvironmentDefinition>) => synthEnvironment(definition(changes));
const general = { name: "general", minNodes: 3, maxNodes: 9 };

describe("a cluster whose only nodes are Arm (GKE taints them by itself)", () => {
  // With a class of one's own: GKE's are of disks that these machines do not attach.
  const storage = { storageClass: "hyperdisk" };
  const arm = { nodePools: [{ name: "arm", machineType: "c4a-standard-4", minNodes: 3, maxNodes: 6 }] };
  const releases = (changes: Partial<EnvironmentDefinition>) =>
    Object.entries(synthesized(changes)).flatMap(([, stack]) =>
      Object.entries(stack.resource["helm_release"] ?? {}).map(([id, block]) => [id, JSON.stringify(block)] as const),
    );

  test("relay and UI tolerate it, or the release would wait in vain", () => {
    const dataplane = Dataplane.kubeProxyFree({ hubble: { ui: true } });
    const [, cilium] = releases({ ...arm, dataplane }).find(([id]) => id === "cilium") ?? [];
    const values = JSON.parse(cilium ?? "{}") as { values: { hubble: Record<string, { tolerations?: unknown }> }[] };
    for (const part of ["relay", "ui"])
      expect(JSON.stringify(values.values[0]?.hubble[part]?.tolerations)).toContain("kubernetes.io/arch");
  });

  test("so do Prometheus and Grafana", () => {
    const [, stack] =
      releases({ ...arm, monitoring: Monitoring.prometheus({ storage }) }).find(([id]) => id === "stack") ?? [];
    expect(stack?.match(/kubernetes\.io\/arch/g)?.length).toBeGreaterThanOrEqual(4);
  });

  test("volumes of a kind that they do not attach are refused", () => {
    expect(told({ ...arm, monitoring: Monitoring.prometheus() })).toMatch(
      /'monitoring\.storage\.storageClass' \(standard-rwo\) makes disks of the kind pd-balanced/,
    );
    expect(told({ monitoring: Monitoring.prometheus() })).toBe("");
  });

  test("with other nodes beside them nothing is tolerated", () => {
    const nodePools = [...arm.nodePools, general];
    for (const [, release] of releases({ nodePools, monitoring: Monitoring.prometheus({ storage }) }))
      expect(release).not.toContain("kubernetes.io/arch");
  });
});

test("upgrades or repairs switched off in the default channel are told among everything else", () => {
  const found = told({ nodePools: [{ ...general, autoUpgrade: false, autoRepair: false }], project: "X" });
  expect(found).toContain("'nodePools[0].autoUpgrade' (false)");
  expect(found).toContain("'nodePools[0].autoRepair' (false)");
  expect(found).toContain("'project' (X)");
});

test("a second range of pods that the native range cannot hold is told with both", () => {
  const network = { ...definition().network, extraPodRanges: { "pods-2": "10.28.0.0/16" } };
  expect(told({ network, nodePools: [general, { ...general, name: "more", podRange: "pods-2" }] })).toMatch(
    /'dataplane.ipv4NativeRoutingCIDR'.*network\.pods.*network\.extraPodRanges\.pods-2/,
  );
});

test("Cilium's own startup taint on a pool whose release lifts another", () => {
  const taints = [{ key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" as const }];
  expect(told({ nodePools: [{ ...general, taints }] })).toContain("'nodePools[0].taints[0]");
});

describe("Gateway API", () => {
  const values = { gatewayAPI: { enabled: true } };

  test("by two controllers is refused", () => {
    const dataplane = Dataplane.kubeProxyFree({ values });
    expect(told({ dataplane, cluster: { gatewayApi: true } })).toMatch(/gatewayA/i);
  });

  test("by Cilium needs definitions that somebody must bring, which is said", () => {
    const dataplane = Dataplane.kubeProxyFree({ version: CiliumVersion.V1_19, values });
    const { problems, dataplane: described } = describeEnvironment(definition({ dataplane }));
    expect(problems).toEqual([]);
    expect(JSON.stringify(described?.warnings)).toMatch(/gatewayAPI.*CRD|gatewayAPI.*definition/is);
  });
});

test("addresses that Google's controller gave are not Cilium's", () => {
  const [layer] = (
    Object.values(synthesized({})["staging-networking"]?.resource["helm_release"] ?? {})[0] as {
      values: Record<string, unknown>[];
    }
  ).values;
  expect(layer).toMatchObject({ defaultLBServiceIPAM: "none" });
});

test("labels that Kubernetes and Google keep to themselves", () => {
  const labels = { "node-role.kubernetes.io/worker": "", "cloud.google.com/gke-nodepool": "x" };
  expect(told({ nodePools: [{ ...general, labels }] }).split("\n")).toHaveLength(2);
});

test("the pool that GKE insists on making fits where the author's own pools do", () => {
  const network = { nodes: "10.127.48.0/24", pods: "100.64.0.0/24", services: "100.64.1.0/24" };
  const nodePools = [
    { name: "nodepool-0", machineType: "c2-standard-16", spot: true, maxPodsPerNode: 10, minNodes: 1, maxNodes: 3 },
  ];
  const changes = { location: "us-east1", network, nodePools, dataplane: Dataplane.v2() };
  expect(told(changes)).toBe("");
  expect(told({ ...changes, network: { ...network, pods: "100.64.0.0/27", services: "100.64.1.0/24" } })).toContain(
    "'network.pods' (100.64.0.0/27)",
  );
});

test("a project that another stack makes", () => {
  const stacks = synthStacks((app) => {
    const factory = new TerraformStack(app, "factory");
    const project = new TerraformVariable(factory, "project", { type: "string" });
    const { name, ...rest } = definition();
    new Environment(app, { ...rest, name, project: project.stringValue });
  });
  expect(JSON.stringify(stacks["staging-cluster"])).not.toMatch(/undefined|TfToken/);
});
