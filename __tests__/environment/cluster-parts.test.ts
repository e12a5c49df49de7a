import { Fn, TerraformStack, Token } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { Environment, type EnvironmentDefinition } from "../../lib/environment";
import { environmentsProblems } from "../../lib/environment/describe";
import { GKE_CLUSTER_OPTIONS, GKE_NETWORK_OPTIONS, GKE_NODE_POOL_OPTIONS } from "../../lib/gke";
import { testApp } from "../support/app";
import { definition } from "../support/definition";

/** What public reports were about, told of whole environments: by the names that their authors wrote, once each. */
const problems = (changes: object) => environmentsProblems([definition(changes as Partial<EnvironmentDefinition>)]);
const pool = (changes: object) => ({ nodePools: [{ name: "general", minNodes: 3, maxNodes: 9, ...changes }] });
const network = definition().network;
const KEY = "projects/p/locations/us-east1/keyRings/r/cryptoKeys/k";

test.each<[string, object, string]>([
  [
    "upgrades off in the default channel",
    pool({ autoUpgrade: false }),
    "'nodePools[0].autoUpgrade' (false) is not possible",
  ],
  [
    "repair off in the default channel",
    pool({ autoRepair: false }),
    "'nodePools[0].autoRepair' (false) is not possible",
  ],
  [
    "Cilium's default startup taint beside another",
    pool({ taints: [{ key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" }] }),
    "'nodePools[0].taints[0].key' (node.cilium.io/agent-not-ready) is a startup taint that nothing lifts",
  ],
  [
    "a reserved label",
    pool({ labels: { "node-role.kubernetes.io/worker": "" } }),
    `'nodePools[0].labels["node-role.kubernetes.io/worker"]' is a label of Kubernetes'`,
  ],
  ["a key elsewhere", { cluster: { secretsEncryptionKey: KEY } }, "'cluster.secretsEncryptionKey'"],
  ["a pool's key elsewhere", pool({ bootDiskKmsKey: KEY }), "'nodePools[0].bootDiskKmsKey'"],
  [
    "a subnet elsewhere",
    {
      network: {
        ...network,
        existingNetwork: "n",
        existingSubnetwork: "projects/p/regions/us-east1/subnetworks/s",
        podsRangeName: "p",
        servicesRangeName: "v",
      },
    },
    "'network.existingSubnetwork' (projects/p/regions/us-east1/subnetworks/s) lies in us-east1",
  ],
  [
    "machines that the cluster's encryption does not run on",
    { cluster: { confidentialNodes: "SEV" } },
    "'nodePools[0].machineType'",
  ],
  ["a name of one letter", { name: "t" }, "'name' (t) is not 2 to 20"],
  ["a channel that is none", { cluster: { releaseChannel: "FAST" } }, "'cluster.releaseChannel' (FAST) is not one of"],
  ["a place that is none", { location: "Tokyo" }, "'location' (Tokyo) is neither a region nor a zone"],
])("%s is told once", (_, changes, problem) => {
  const found = problems(changes);
  expect(found).toEqual([expect.stringContaining(`: ${problem}`)]);
});

test.each<[string, object, string]>([
  ["nodes", { network: { ...network, nodes: undefined } }, "'network.nodes' is missing"],
  ["the name of a pool", { nodePools: [{ maxNodes: 3 }] }, "'nodePools[0].name' is missing"],
  ["a pool", { nodePools: ["general"] }, "'nodePools[0]' (general) is not an object"],
  ["ranges", { network: "10.0.0.0/8" }, "'network' (10.0.0.0/8) is not an object"],
  ["options of the cluster", { cluster: true }, "'cluster' (true) is not an object"],
])("%s that are missing or of another kind are told", (_, changes, problem) => {
  expect(problems(changes)).toContainEqual(expect.stringContaining(problem));
});

const ANYTHING = [null, 7, Number.NaN, "text", ["a", "a"], { a: 1 }];
const PARTS: readonly [string, readonly string[], (name: string, value: unknown) => object][] = [
  ["network", Object.keys(GKE_NETWORK_OPTIONS), (name, value) => ({ network: { ...network, [name]: value } })],
  ["cluster", Object.keys(GKE_CLUSTER_OPTIONS), (name, value) => ({ cluster: { [name]: value } })],
  ["nodePools[0]", Object.keys(GKE_NODE_POOL_OPTIONS), (name, value) => pool({ [name]: value })],
];

test.each(PARTS)("no value of any type in %s ends in a bare error, and none is told twice", (_part, names, changes) => {
  for (const name of names)
    for (const value of ANYTHING) {
      const found = problems(changes(name, value));
      for (const line of found) expect(line).not.toMatch(/\bundefined\b|\bNaN\b|TfToken|\[object/);
      expect([name, found.length - new Set(found).size]).toEqual([name, 0]);
    }
});

test("a project that another stack makes is a project", () => {
  const app = testApp();
  const factory = new TerraformStack(app, "factory");
  const project = Token.asString(Fn.join("-", ["acme", factory.node.id]));
  const { cluster } = new Environment(app, definition({ project, dataplane: Dataplane.v2() }));
  expect(cluster.cluster.project).toBe(project);
});
