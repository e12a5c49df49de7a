import { Token } from "cdktf";
import type { GkeNodePoolOptions, NodePoolContext, NodeTaint } from "../../../lib/gke";
import { gkeNodePoolProblems } from "../../../lib/gke/node-pool/problems";
import { lines } from "../support";

type Variant = Partial<GkeNodePoolOptions> & NodePoolContext;

const KEY = "projects/keys/locations/asia-northeast1/keyRings/ring/cryptoKeys/key";
const STARTUP: NodeTaint = {
  key: "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready",
  value: "true",
  effect: "NO_EXECUTE",
};
const windows = (imageType: string) => ({ imageType }) as unknown as Variant;
const effect = (name: string) => [{ key: "a", value: "b", effect: name }] as unknown as NodeTaint[];
const problems = (variant: Variant) => lines(gkeNodePoolProblems({ name: "general", maxNodes: 9, ...variant }));

test.each<[string, Variant]>([
  ["a name and a maximum", {}],
  ["scale from zero", { minNodes: 0, maxNodes: 1 }],
  ["limits a zone", { maxNodes: undefined, minNodesPerZone: 0, maxNodesPerZone: 1000 }],
  ["a fixed number", { maxNodes: undefined, nodeCountPerZone: 0 }],
  ["custom machines", { machineType: "n2-custom-4-8192-ext" }],
  ["machines with local disks", { machineType: "c3-standard-8-lssd" }],
  ["hyperdisk", { machineType: "c4-standard-4", diskType: "hyperdisk-balanced" }],
  ["hyperdisk where it need not be", { machineType: "c3-standard-4", diskType: "hyperdisk-balanced" }],
  [
    "disks",
    { machineType: "n2-standard-4", diskType: "pd-ssd", diskSizeGb: 10, bootDiskKmsKey: KEY, localSsdCount: 1 },
  ],
  ["GPUs of the machine", { machineType: "g2-standard-4", accelerators: [{ type: "nvidia-l4", count: 1 }] }],
  [
    "GPUs attached",
    {
      machineType: "n1-standard-4",
      accelerators: [{ type: "nvidia-tesla-t4", count: 1, sharing: "TIME_SHARING", maxClients: 48 }],
    },
  ],
  [
    "GPUs of a series that is not known yet",
    { machineType: "g9-standard-4", accelerators: [{ type: "nvidia-x9", count: 8 }] },
  ],
  ["SEV", { machineType: "n2d-standard-4", confidentialNodes: "SEV" }],
  ["SEV-SNP", { machineType: "n2d-standard-4", confidentialNodes: "SEV_SNP" }],
  ["TDX", { machineType: "c3-standard-4", confidentialNodes: "TDX" }],
  ["encrypted memory of a series that is not known yet", { machineType: "c9-standard-4", confidentialNodes: "TDX" }],
  [
    "taints of two effects",
    {
      taints: [
        { key: "a", value: "", effect: "NO_SCHEDULE" },
        { key: "a", value: "", effect: "NO_EXECUTE" },
      ],
    },
  ],
  [
    "taints beside the startup taint",
    { taints: [{ key: "example.com/a", value: "b", effect: "PREFER_NO_SCHEDULE" }], startupTaints: [STARTUP] },
  ],
  ["labels and tags", { labels: { "example.com/a": "", b: "C" }, resourceLabels: { a: "b" }, networkTags: ["a"] }],
  ["surge", { maxSurge: 10, maxUnavailable: 10 }],
  ["no surge", { maxSurge: 0, maxUnavailable: 1 }],
  ["blue-green", { blueGreen: { batchShare: 1, batchSoakMinutes: 0, soakMinutes: 10080 } }],
  ["blue-green by nodes", { blueGreen: { batchNodes: 1 } }],
  ["no upgrades without a channel", { autoUpgrade: false, releaseChannel: "UNSPECIFIED" }],
  ["a range of pods that exists", { podRange: "more", podRangeNames: ["more"] }],
  ["a range of pods of a network that is not known", { podRange: "more" }],
  ["zones of the region", { zones: ["us-central1-a"], location: "us-central1-c" }],
  [
    "what Terraform decides",
    {
      machineType: Token.asString({ resolve: () => "x" }),
      maxNodes: Token.asNumber({ resolve: () => -1 }),
      serviceAccount: Token.asString({ resolve: () => "x" }),
    },
  ],
])("%s: no problem", (_, variant) => {
  expect(problems(variant)).toEqual([]);
});

test.each<[Variant, string[]]>([
  [
    { name: "a".repeat(34) },
    [`'name' (${"a".repeat(34)}) has 34 characters where Google Cloud takes 1 to 33; shorten it`],
  ],
  [{ name: "General" }, [expect.stringContaining("'name' (General) is not a lowercase letter")]],
  [
    { maxNodes: undefined },
    [
      "'maxNodes' is missing: something must cap the number of nodes and the bill; give maxNodes, maxNodesPerZone or nodeCountPerZone",
    ],
  ],
  [{ maxNodesPerZone: 3 }, ["'maxNodes' (9) cannot be combined with 'maxNodesPerZone'; give one of them"]],
  [
    { maxNodesPerZone: 3, nodeCountPerZone: 1 },
    ["'maxNodes' (9) cannot be combined with 'maxNodesPerZone', 'nodeCountPerZone'; give one of them"],
  ],
  [{ minNodes: 10 }, ["'minNodes' (10) exceeds 'maxNodes' (9); lower it or raise maxNodes"]],
  [
    { maxNodes: undefined, minNodesPerZone: 4, maxNodesPerZone: 3 },
    ["'minNodesPerZone' (4) exceeds 'maxNodesPerZone' (3); lower it or raise maxNodesPerZone"],
  ],
  [{ minNodesPerZone: 1 }, ["'minNodesPerZone' (1) has no effect without 'maxNodesPerZone'; give maxNodesPerZone too"]],
  [
    { maxNodes: undefined, nodeCountPerZone: 1, minNodes: 1 },
    ["'minNodes' (1) has no effect without 'maxNodes'; give maxNodes too"],
  ],
  [
    { maxNodes: undefined, nodeCountPerZone: 1, locationPolicy: "ANY" },
    ["'locationPolicy' (ANY) has no effect without autoscaling; leave it out"],
  ],
  [{ maxNodes: 0 }, ["'maxNodes' (0) is not a whole number of at least 1; choose another number of nodes"]],
  [{ minNodes: -1 }, ["'minNodes' (-1) is not a whole number of at least 0; choose another number of nodes"]],
  [{ minNodes: 0.5 }, ["'minNodes' (0.5) is not a whole number of at least 0; choose another number of nodes"]],
  [
    { maxNodes: undefined, maxNodesPerZone: 1001 },
    ["'maxNodesPerZone' (1001) is not a whole number from 1 to 1000; choose another number of nodes"],
  ],
  [
    { maxNodes: undefined, nodeCountPerZone: 1001 },
    ["'nodeCountPerZone' (1001) is not a whole number from 0 to 1000; choose another number of nodes"],
  ],
  [
    { machineType: "large" },
    ["'machineType' (large) is not a machine type; give one such as e2-standard-4 or n2-custom-4-8192"],
  ],
  [
    windows("WINDOWS_LTSC_CONTAINERD"),
    [
      "'imageType' (WINDOWS_LTSC_CONTAINERD) runs Windows, where no Cilium agent runs and no network policy is enforced; choose COS_CONTAINERD or UBUNTU_CONTAINERD",
    ],
  ],
  [windows("COS"), ["'imageType' (COS) is not an image with containerd; use COS_CONTAINERD, which took its place"]],
  [
    { diskType: "ssd" },
    ["'diskType' (ssd) is not a kind of disk; choose pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced"],
  ],
  [
    { machineType: "n4-standard-4", diskType: "pd-ssd" },
    ["'diskType' (pd-ssd) is no boot disk of machineType (n4-standard-4); choose hyperdisk-balanced, or leave it out"],
  ],
  [{ diskSizeGb: 9 }, ["'diskSizeGb' (9) is not a whole number of at least 10; give the size in GB"]],
  [
    { bootDiskKmsKey: "key" },
    [expect.stringContaining("'bootDiskKmsKey' (key) is not the full name of a Cloud KMS key")],
  ],
  [
    { localSsdCount: 0 },
    ["'localSsdCount' (0) is not a whole number of at least 1; give the number of local SSDs, or leave it out"],
  ],
  [
    { accelerators: [{ type: "nvidia-l4", count: 1 }] },
    [
      "'accelerators[0].type' (nvidia-l4) cannot be attached to machineType (e2-standard-4); choose a machine with GPUs such as g2-standard-4, or an n1",
    ],
  ],
  [
    { machineType: "n1-standard-4", accelerators: [{ type: "T4", count: 0 }] },
    [
      "'accelerators[0].type' (T4) is not a kind of accelerator; give one such as nvidia-l4",
      "'accelerators[0].count' (0) is not a whole number of at least 1; give the number of accelerators a node",
    ],
  ],
  [
    { machineType: "n1-standard-4", accelerators: [{ type: "nvidia-tesla-t4", count: 1, sharing: "MPS" }] },
    ["'accelerators[0].sharing' (MPS) needs 'maxClients'; give both or neither"],
  ],
  [
    { machineType: "n1-standard-4", accelerators: [{ type: "nvidia-tesla-t4", count: 1, maxClients: 2 }] },
    ["'accelerators[0].maxClients' (2) needs 'sharing'; give both or neither"],
  ],
  [
    {
      machineType: "n1-standard-4",
      accelerators: [{ type: "nvidia-tesla-t4", count: 1, sharing: "MPS", maxClients: 49 }],
    },
    [
      "'accelerators[0].maxClients' (49) is not a whole number from 2 to 48; choose another number of containers for one GPU",
    ],
  ],
  [
    { confidentialNodes: "SEV" },
    [
      "'confidentialNodes' (SEV) does not exist for machineType (e2-standard-4), which has none; choose an n2d for SEV and SEV_SNP, a c3-standard for TDX",
    ],
  ],
  [
    { machineType: "n2d-standard-4", confidentialNodes: "TDX" },
    [
      "'confidentialNodes' (TDX) does not exist for machineType (n2d-standard-4), which has SEV and SEV_SNP; choose an n2d for SEV and SEV_SNP, a c3-standard for TDX",
    ],
  ],
  [{ zones: ["us-east1-b"], location: "us-central1" }, [expect.stringContaining("'zones[0]' (us-east1-b) is outside")]],
  [
    { taints: [{ key: "a b", value: "c d", effect: "NO_SCHEDULE" }] },
    [
      "'taints[0].key' (a b) has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits; give a key such as example.com/dedicated",
      "'taints[0].value' (c d) is not at most 63 letters, digits, -, _ and . between two letters or digits; give a value such as batch",
    ],
  ],
  [
    { taints: effect("NoSchedule") },
    [
      "'taints[0].effect' (NoSchedule) is not one of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE; did you mean NO_SCHEDULE?",
    ],
  ],
  [
    { taints: [...effect("NO_EXECUTE"), ...effect("NO_EXECUTE")] },
    ["'taints[1].key' (a) is there twice with effect NO_EXECUTE; remove one of the two"],
  ],
  [
    { taints: [{ ...STARTUP, effect: "NO_SCHEDULE" }], startupTaints: [STARTUP] },
    [`'taints[0].key' (${STARTUP.key}) is the startup taint, which the dataplane puts there and lifts; remove it`],
  ],
  [
    { labels: { "a b": "c d" } },
    [
      "'labels[\"a b\"]' has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits; give a key such as example.com/team",
      "'labels[\"a b\"]' (c d) is not at most 63 letters, digits, -, _ and . between two letters or digits; give a value such as payments",
    ],
  ],
  [{ resourceLabels: { A: "b" } }, [expect.stringContaining("'resourceLabels[\"A\"]' is not a valid label key")]],
  [{ networkTags: ["A"] }, [expect.stringContaining("'networkTags[0]' (A) is not a lowercase letter")]],
  [
    { maxPodsPerNode: 300 },
    ["'maxPodsPerNode' (300) is not a whole number from 8 to 256; choose another, such as 110"],
  ],
  [
    { serviceAccount: "1-compute@developer.gserviceaccount.com" },
    [
      expect.stringContaining(
        "'serviceAccount' (1-compute@developer.gserviceaccount.com) is the Compute Engine default account",
      ),
    ],
  ],
  [
    { maxSurge: 0 },
    [
      "'maxSurge' (0) leaves no node to begin an upgrade with, together with 'maxUnavailable' (0); raise one of the two",
    ],
  ],
  [{ maxSurge: 21 }, ["'maxSurge' (21) is not a whole number from 0 to 20; choose another number of nodes"]],
  [
    { maxSurge: 11, maxUnavailable: 10 },
    ["'maxSurge' (11) exceeds 20 together with 'maxUnavailable' (10); lower one of the two"],
  ],
  [
    { blueGreen: {}, maxSurge: 2 },
    ["'maxSurge' (2) has no effect with 'blueGreen'; leave it out, or leave blueGreen out"],
  ],
  [
    { blueGreen: { batchShare: 0.5, batchNodes: 1 } },
    ["'blueGreen.batchShare' (0.5) cannot be combined with 'batchNodes'; give one of the two"],
  ],
  [
    { blueGreen: { batchShare: 50 } },
    ["'blueGreen.batchShare' (50) is not a number above 0 and at most 1; give a share such as 0.25"],
  ],
  [
    { blueGreen: { batchNodes: 0 } },
    ["'blueGreen.batchNodes' (0) is not a whole number of at least 1; give a number of nodes"],
  ],
  [
    { blueGreen: { batchSoakMinutes: -1, soakMinutes: 10081 } },
    [
      "'blueGreen.batchSoakMinutes' (-1) is not a number from 0 to 10080; choose a number of minutes up to a week",
      "'blueGreen.soakMinutes' (10081) is not a number from 0 to 10080; choose a number of minutes up to a week",
    ],
  ],
  [
    { autopilot: true },
    [
      "'name' (general) is a node pool, and Autopilot clusters have none of yours; remove the pool or set autopilot to false",
    ],
  ],
  [
    { autoUpgrade: false, releaseChannel: "STABLE" },
    [
      "'autoUpgrade' (false) is not possible in release channel STABLE; leave it out and use a maintenance exclusion, or set releaseChannel to UNSPECIFIED",
    ],
  ],
  [
    { podRange: "more", podRangeNames: [] },
    ["'podRange' (more) is not one of the network's extra ranges of pods; add it to network.extraPodRanges"],
  ],
  [
    { podRange: "more", podRangeNames: ["most"] },
    [
      "'podRange' (more) is not one of the network's extra ranges of pods; add it to network.extraPodRanges or choose most",
    ],
  ],
])("%j", (variant, expected) => {
  expect(problems(variant)).toEqual(expected);
});

test("everything that is wrong is told at once", () => {
  expect(problems({ name: "A", maxNodes: 0, diskSizeGb: 1, maxSurge: 0 })).toHaveLength(4);
});
