import { Lazy } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { type EnvironmentDefinition, environmentsProblems, StateBackend } from "../../lib/environment";

import { definition } from "../support/definition";

const problems = (changes: Partial<EnvironmentDefinition>) => environmentsProblems([definition(changes)]);
const network = definition().network;

test("a definition without a problem has none", () => {
  expect(problems({})).toEqual([]);
});

describe("one environment", () => {
  const cases: [string, Partial<EnvironmentDefinition>, string][] = [
    ["a name with capitals", { name: "Staging" }, "'name' (Staging) is not 2 to 20 lower case letters"],
    ["a name that is too long", { name: "a".repeat(21) }, "'name' (aaaaaaaaaaaaaaaaaaaaa) is not 2 to 20"],
    ["a project's number", { project: "123456" }, "'project' (123456) is not the id of a project"],
    ["a location that is none", { location: "Tokyo" }, "'location' (Tokyo) is neither a region nor a zone"],
    [
      "a range that is no CIDR",
      { network: { ...network, pods: "10.20.0.0" } },
      "'network.pods' (10.20.0.0) is not an IPv4 CIDR",
    ],
    ["ranges that overlap", { network: { ...network, services: "10.20.16.0/20" } }, "overlaps"],
    ["no node pool", { nodePools: [] }, "'nodePools' is empty, so that no pod could run"],
    [
      "two pools of one name",
      {
        nodePools: [
          { name: "a", minNodes: 3, maxNodes: 3 },
          { name: "a", minNodes: 0, maxNodes: 3 },
        ],
      },
      "'nodePools[1].name' (a) is the name of nodePools[0] too",
    ],
    ["a property of a node pool", { nodePools: [{ name: "general", minNodes: 5, maxNodes: 3 }] }, "nodePools[0].m"],
    [
      "Autopilot with node pools",
      { dataplane: Dataplane.v2(), cluster: { autopilot: true } },
      "'nodePools' ([\"general\"]) cannot be given with Autopilot",
    ],
    [
      "Autopilot with a Cilium of our own",
      { cluster: { autopilot: true }, nodePools: [] },
      "'cluster.autopilot' (true) does not go with Cilium without kube-proxy",
    ],
    [
      "kube-proxy-free without an address for the agents",
      { cluster: { ipEndpoint: "off" } },
      "'dataplane.k8sServiceHost' is needed where the cluster has no IP endpoint",
    ],
    [
      "a connection through an endpoint that is off",
      { connection: { endpoint: "public" } },
      "'connection.endpoint' (public) is switched off by 'cluster.ipEndpoint' (private)",
    ],
    [
      "more operators than nodes",
      { nodePools: [{ name: "general", minNodes: 1, maxNodes: 3 }] },
      "'dataplane.operatorReplicas' (2) exceeds the 1 node(s)",
    ],
    [
      "operators that only nodes of another dataplane could run",
      {
        nodePools: [
          { name: "general", minNodes: 1, maxNodes: 3 },
          { name: "next", minNodes: 3, maxNodes: 3, dataplane: Dataplane.cniChaining() },
        ],
      },
      "'dataplane.operatorReplicas' (2) exceeds the 1 node(s)",
    ],
    [
      "a startup taint that the autoscaler minds",
      { dataplane: Dataplane.kubeProxyFree({ startupTaintKey: "node.cilium.io/agent-not-ready" }) },
      "'dataplane.startupTaintKey' (node.cilium.io/agent-not-ready) is not ignored by the cluster autoscaler",
    ],
    [
      "BPF host routing with Workload Identity",
      { dataplane: Dataplane.kubeProxyFree({ bpfMasquerade: true, bpfHostLegacyRouting: false }) },
      "'dataplane.bpfHostLegacyRouting' (false) cuts pods off from the metadata server",
    ],
    [
      "an option of the kube-proxy remover that has no effect",
      { dataplane: Dataplane.kubeProxyFree({ kubeProxy: "coexist", kubeProxyDisabler: { intervalSeconds: 60 } }) },
      "'dataplane.kubeProxyDisabler' has no effect where kube-proxy keeps running",
    ],
    [
      "a bucket that is none",
      { backend: StateBackend.gcs({ bucket: "gs://state" }) },
      "'backend.bucket' (gs://state) is not a bucket name",
    ],
    [
      "a prefix that ends with a slash",
      { backend: StateBackend.gcs({ bucket: "acme-state", prefix: "a/" }) },
      "'backend.prefix' (a/) begins or ends with a slash",
    ],
    ["a label that is none", { labels: { Team: "x" } }, "is not a valid label key"],
  ];
  test.each(cases)("%s is told with its property and value", (_, changes, expected) => {
    const found = problems(changes);
    expect(found.join("\n")).toContain(expected);
    expect(found.every((problem) => /^\S+: '.+' .*; .+/.test(problem))).toBe(true);
  });
});

describe("what is missing, of the wrong type, or only known to Terraform", () => {
  const told = (changes: object) => environmentsProblems([{ ...definition(), ...changes } as EnvironmentDefinition]);

  test.each([
    ["project", "'project' is missing; give the id of the project; where it comes from a variable of the environment"],
    ["location", "'location' is missing; give a region"],
    ["network", "'network' is missing; give nodes, pods and services"],
    ["dataplane", "'dataplane' is missing; choose Dataplane.cniChaining()"],
    ["name", "environment: 'name' is missing; give a short name"],
  ])("%s", (property, message) => {
    const found = told({ [property]: undefined });
    expect(found.filter((problem) => problem.includes(message))).toHaveLength(1);
    expect(JSON.stringify(found)).not.toMatch(/undefined|NaN/);
  });

  test("all of it at once, and never a bare error", () => {
    const found = environmentsProblems([{} as EnvironmentDefinition]);
    for (const property of ["name", "project", "location", "network", "dataplane"])
      expect(found.join("\n")).toContain(`environment: '${property}' is missing`);
  });

  test.each([
    [{ dataplane: "v2" }, "'dataplane' (v2) is not what it must be; make it with Dataplane.cniChaining()"],
    [{ dataplane: {} }, "'dataplane' is not what it must be"],
    [{ monitoring: "prometheus" }, "'monitoring' (prometheus) is not what it must be; make it with Monitoring."],
    [{ backend: { bucket: "x" } }, "'backend' is not what it must be; make it with StateBackend.local()"],
    [{ nodePools: { name: "a" } }, "'nodePools' is not a list"],
    [{ project: 7 }, "'project' (7) is not text"],
    [{ nodePool: [] }, "'nodePool' ([]) is no option; did you mean nodePools?"],
    [
      { dataplane: Dataplane.kubeProxyFree({ kubeProxy: "removed" as "remove" }) },
      "'dataplane.kubeProxy' (removed) is not",
    ],
    [
      { dataplane: Dataplane.kubeProxyFree({ startupTaintEffect: "NoExecute" as "NO_EXECUTE" }) },
      "'dataplane.startupTaintEffect' (NoExecute) is not one of NO_EXECUTE, NO_SCHEDULE",
    ],
    [
      { dataplane: Dataplane.v2({ flowMetrics: "yes" as unknown as boolean }) },
      "'dataplane.flowMetrics' (yes) is neither",
    ],
    [{ dataplane: Dataplane.cniChaining(null as unknown as object) }, "'dataplane.options' (null) is not an object"],
  ])("%j", (changes, message) => {
    expect(told(changes).join("\n")).toContain(message);
  });

  test("a token passes wherever nothing has to be decided from it", () => {
    const token = Lazy.stringValue({ produce: () => "acme-staging" });
    expect(told({ project: token })).toEqual([]);
    expect(told({ backend: StateBackend.gcs({ bucket: token, prefix: token }) })).toEqual([]);
  });
});

test("what the connection goes through may also be the private or the public address", () => {
  expect(problems({ connection: { endpoint: "private" } })).toEqual([]);
  expect(
    problems({
      connection: { endpoint: "public" },
      cluster: { ipEndpoint: "public", authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }] },
    }),
  ).toEqual([]);
});

describe("between environments", () => {
  const vpc = { ...network, existingNetwork: "projects/acme-net/global/networks/shared" };

  test("two of one name are told once, of the later one", () => {
    expect(environmentsProblems([definition(), definition({ project: "acme-other" })])).toEqual([
      "staging: 'name' (staging) is the name of two environments (projects acme-staging and acme-other); give each environment a name of its own",
    ]);
  });

  test("ranges may meet in different networks", () => {
    expect(environmentsProblems([definition(), definition({ name: "prod", project: "acme-prod" })])).toEqual([]);
  });

  test("ranges must not meet in a VPC that both name, however they name it", () => {
    const other = {
      ...vpc,
      existingNetwork: "https://www.googleapis.com/compute/v1/projects/acme-net/global/networks/shared",
    };
    const found = environmentsProblems([definition({ network: vpc }), definition({ name: "prod", network: other })]);
    expect(found).toContain(
      "prod: 'network.pods' (10.20.0.0/14) overlaps 'network.pods' (10.20.0.0/14) of staging, which is in the same VPC; choose disjoint ranges",
    );
    expect(found).toHaveLength(3);
  });

  test("GKE's own range for services is no range of the VPC", () => {
    const own = { ...vpc, services: "34.118.224.0/20" };
    const other = { ...own, nodes: "10.32.0.0/20", pods: "10.36.0.0/14" };
    expect(environmentsProblems([definition({ network: own }), definition({ name: "prod", network: other })])).toEqual(
      [],
    );
  });

  test("disjoint ranges in one VPC are fine", () => {
    const other = { ...vpc, nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20" };
    expect(environmentsProblems([definition({ network: vpc }), definition({ name: "prod", network: other })])).toEqual(
      [],
    );
  });
});

test("all problems of all environments are told together", () => {
  const found = environmentsProblems([
    definition({ project: "X", location: "nowhere" }),
    definition({ name: "prod", nodePools: [] }),
  ]);
  expect(found.filter((problem) => problem.startsWith("staging: "))).toHaveLength(2);
  expect(found.some((problem) => problem.startsWith("prod: 'nodePools'"))).toBe(true);
});
