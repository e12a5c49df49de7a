import type { GkeNodePoolOptions } from "../../../lib/gke";
import { gkeNodePoolProblems, gkeNodePoolWarnings, type NodePoolContext, type NodeTaint } from "../../../lib/gke";
import { lines } from "../support";

type Variant = Partial<GkeNodePoolOptions> & NodePoolContext;
const pool = (variant: Variant) => ({ name: "general", maxNodes: 9, ...variant });
const problems = (variant: Variant) => lines(gkeNodePoolProblems(pool(variant)));
const warnings = (variant: Variant) => lines(gkeNodePoolWarnings(pool(variant)));

describe("what a machine cannot carry", () => {
  test.each<[Variant, string]>([
    [{ machineType: "c3-standard-4", diskType: "pd-standard" }, "'diskType' (pd-standard) is no boot disk of"],
    [{ machineType: "g2-standard-4", diskType: "pd-standard" }, "'diskType' (pd-standard) is no boot disk of"],
    [{ machineType: "c4a-standard-4", diskType: "pd-balanced" }, "choose hyperdisk-balanced, or leave it out"],
    [
      { machineType: "e2-standard-4", diskType: "hyperdisk-balanced" },
      "is no boot disk of machineType (e2-standard-4)",
    ],
    [{ diskType: "pd-extreme" }, "'diskType' (pd-extreme) is no boot disk of machineType (e2-standard-4)"],
    [{ diskType: "pd-foo" }, "'diskType' (pd-foo) is not a kind of disk"],
    [{ diskType: "pd-balancd" }, "'diskType' (pd-balancd) is not a kind of disk; did you mean pd-balanced?"],
    [{ localSsdCount: 1 }, "'localSsdCount' (1) is not possible: machineType (e2-standard-4) takes no local SSDs"],
    [{ machineType: "n2-standard-32", localSsdCount: 2 }, "'localSsdCount' (2) is not possible for machineType"],
    [{ machineType: "c3-standard-4-lssd", localSsdCount: 1 }, "brings its local SSDs itself; leave it out"],
    [
      { machineType: "g2-standard-4", accelerators: [{ type: "nvidia-tesla-t4", count: 1 }] },
      "'accelerators[0].type' (nvidia-tesla-t4) is not a GPU of machineType (g2-standard-4); there are nvidia-l4",
    ],
    [
      { machineType: "g2-standard-24", accelerators: [{ type: "nvidia-l4", count: 1 }] },
      "'accelerators[0].count' (1) is not the number that machineType (g2-standard-24) brings; give 2",
    ],
    [
      { machineType: "n1-standard-4", accelerators: [{ type: "nvidia-tesla-t4", count: 3 }] },
      "'accelerators[0].count' (3) is not a number of nvidia-tesla-t4 that machineType (n1-standard-4) takes",
    ],
    [
      { machineType: "t2a-standard-4", accelerators: [{ type: "nvidia-l4", count: 1 }] },
      "'accelerators[0].type' (nvidia-l4) cannot be attached to machineType (t2a-standard-4)",
    ],
    [{ machineType: "c3-highmem-4", confidentialNodes: "TDX" }, "'confidentialNodes' (TDX) does not exist for"],
    [
      { clusterConfidentialNodes: "SEV" },
      "'machineType' (e2-standard-4) cannot encrypt its memory as the cluster's 'confidentialNodes' (SEV) asks of all nodes",
    ],
    [{ machineType: "c3-custom-4-16384" }, "is a custom machine type, which series c3 has none of"],
    [{ machineType: "n2-custom-3-8192" }, "'machineType' (n2-custom-3-8192) has 3 vCPUs"],
  ])("%j is refused", (variant, problem) => {
    expect(problems(variant)).toEqual([expect.stringContaining(problem)]);
  });

  test.each<[Variant]>([
    [{ machineType: "c3-standard-4" }],
    [{ machineType: "c4a-standard-4" }],
    [{ machineType: "n2-standard-32", localSsdCount: 4 }],
    [{ machineType: "n2d-standard-4", clusterConfidentialNodes: "SEV" }],
    [{ machineType: "c3-standard-4-lssd", confidentialNodes: "TDX" }],
    [{ machineType: "g2-standard-24", accelerators: [{ type: "nvidia-l4", count: 2 }] }],
    [{ machineType: "n2-custom-4-8192" }],
  ])("%j is neither refused nor doubted", (variant) => {
    expect(problems(variant)).toEqual([]);
    expect(warnings(variant)).toEqual([]);
  });
});

describe("what the table does not know", () => {
  test.each<[Variant, string]>([
    [{ machineType: "e2-foo-4" }, "'machineType' (e2-foo-4) is not among the machine types that Google has published"],
    [{ machineType: "e2-standard-3" }, "there are 2, 4, 8, 16, 32 of e2-standard-*"],
    [{ machineType: "z9-standard-4" }, "'machineType' (z9-standard-4) is of series z9, which"],
    [{ machineType: "z9-standard-4", diskType: "hyperdisk-magic" }, "'machineType' (z9-standard-4) is of series z9"],
    [{ diskType: "hyperdisk-magic" }, "'diskType' (hyperdisk-magic) is not among the kinds of disk that Google has"],
    [{ zones: ["us-central1-e"], location: "us-central1" }, "'zones[0]' (us-central1-e) is not among the zones"],
  ])("%j is a warning and no error", (variant, warning) => {
    expect(problems(variant)).toEqual([]);
    expect(warnings(variant)).toContainEqual(expect.stringContaining(warning));
  });
});

describe("labels and taints that are somebody else's", () => {
  const labels = (key: string) => problems({ labels: { [key]: "x" } });
  test.each([
    "node-role.kubernetes.io/worker",
    "kubernetes.io/arch",
    "topology.kubernetes.io/zone",
    "k8s.io/cloud-provider",
    "node.k8s.io/a",
    "cloud.google.com/gke-nodepool",
    "cdktf-gke-cilium/pool",
  ])("label %s is refused", (key) => {
    expect(labels(key)).toEqual([expect.stringContaining(`'labels["${key}"]' is a label of `)]);
  });

  test.each(["example.com/team", "team", "notkubernetes.io/a", "cloud.google.com/compute-class"])(
    "label %s is the author's",
    (key) => {
      expect(labels(key)).toEqual([]);
    },
  );

  const STARTUP: NodeTaint = {
    key: "startup-taint.cluster-autoscaler.kubernetes.io/x",
    value: "true",
    effect: "NO_EXECUTE",
  };
  const taint = (key: string): readonly NodeTaint[] => [{ key, value: "true", effect: "NO_SCHEDULE" }];

  test.each(["node.cilium.io/agent-not-ready", "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready"])(
    "startup taint %s is refused where Cilium lifts another, and told where there is none of ours",
    (key) => {
      expect(problems({ taints: taint(key), startupTaints: [STARTUP] })).toEqual([
        expect.stringContaining(`'taints[0].key' (${key}) is a startup taint that nothing lifts: the Cilium of this`),
      ]);
      expect(problems({ taints: taint(key) })).toEqual([]);
      expect(warnings({ taints: taint(key) })).toEqual([
        expect.stringContaining(`'taints[0].key' (${key}) is a startup taint of Cilium's`),
      ]);
    },
  );

  test("taints of the author's are left alone", () => {
    expect(problems({ taints: taint("example.com/batch"), startupTaints: [STARTUP] })).toEqual([]);
    expect(warnings({ taints: taint("example.com/batch") })).toEqual([]);
    expect(problems({ taints: taint("cloud.google.com/gke-spot"), startupTaints: [STARTUP] })).toEqual([]);
  });
});

describe("a release channel that nobody wrote", () => {
  test.each(["autoUpgrade", "autoRepair"] as const)("%s cannot be off in it", (property) => {
    expect(problems({ [property]: false })).toEqual([
      expect.stringContaining(`'${property}' (false) is not possible in release channel REGULAR`),
    ]);
    expect(problems({ [property]: false, releaseChannel: "UNSPECIFIED" })).toEqual([]);
  });
});
