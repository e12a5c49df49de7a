import { type GkeNodePoolOptions, gkeNodePoolProblems, type NodePoolContext } from "../../../lib/gke";
import { lines } from "../support";

type Variant = Partial<GkeNodePoolOptions> & NodePoolContext;
const problems = (variant: Variant) => lines(gkeNodePoolProblems({ name: "general", maxNodes: 9, ...variant }));
const IMAGE = { diskImage: "projects/p/global/images/i" };
const REGISTRY = { fqdns: ["r"], certificateSecret: "projects/p/secrets/s/versions/1" };

test.each<[string, Variant]>([
  ["a kubelet's settings at their limits", { kubelet: { podPidsLimit: 1024, containerLogMaxSize: "10Mi" } }],
  [
    "thresholds that follow each other",
    { kubelet: { imageGcLowThresholdPercent: 10, imageGcHighThresholdPercent: 11 } },
  ],
  ["kernel parameters", { sysctls: { "net.ipv4.tcp_rmem": "4096 87380 6291456", "vm.max_map_count": "262144" } }],
  ["a registry", { privateRegistries: [REGISTRY] }],
  ["reserved machines", { reservation: { use: "SPECIFIC_RESERVATION", names: ["projects/p/reservations/r"] } }],
  ["any reserved machine", { reservation: { use: "ANY_RESERVATION" } }],
  ["placement", { machineType: "c3-standard-4", placement: {} }],
  ["placement of a series that is not known", { machineType: "z9-standard-4", placement: {} }],
  ["placement of TPUs", { machineType: "ct5p-hightpu-4t", placement: { tpuTopology: "2x2x2" } }],
  ["queued provisioning from zero", { queuedProvisioning: true, minNodes: 0 }],
  ["flex start without repair", { flexStart: true, autoRepair: false, maxRunHours: 168 }],
  ["secondary boot disks with image streaming", { imageStreaming: true, secondaryBootDisks: [IMAGE] }],
  ["several networks", { multiNetworking: true, nodeNetworks: [{ network: "n", subnetwork: "s" }] }],
])("%s: no problem", (_, variant) => {
  expect(problems(variant)).toEqual([]);
});

test.each<[Variant, string]>([
  [{ kubelet: { podPidsLimit: 100 } }, "'kubelet.podPidsLimit' (100) is not a whole number from 1024 to 4194304"],
  [{ kubelet: { cpuCfsQuotaPeriod: "2s" } }, "'kubelet.cpuCfsQuotaPeriod' (2s) is not a time from 1ms to 1s"],
  [{ kubelet: { containerLogMaxSize: "5Mi" } }, "'kubelet.containerLogMaxSize' (5Mi) is not a size from 10Mi to 500Mi"],
  [{ kubelet: { imageGcHighThresholdPercent: 80 } }, "'kubelet.imageGcHighThresholdPercent' (80) is not above the 80"],
  [{ kubelet: { imageGcLowThresholdPercent: 85 } }, "'kubelet.imageGcLowThresholdPercent' (85) is not below the 85"],
  [{ sysctls: { somaxconn: "1" } }, "'sysctls.somaxconn' is not a kernel parameter"],
  [{ privateRegistries: [{ ...REGISTRY, certificateSecret: "s" }] }, "is not the full name of a version of a secret"],
  [{ privateRegistries: [{ ...REGISTRY, fqdns: [] }] }, "'privateRegistries[0].fqdns' ([]) is shorter than the 1"],
  [
    { reservation: { use: "SPECIFIC_RESERVATION" } },
    "'reservation.names' is missing: specific reservations have names",
  ],
  [{ reservation: { use: "ANY_RESERVATION", names: ["r"] } }, "has no effect with ANY_RESERVATION"],
  [{ placement: {} }, "'placement' is not to be had for machineType (e2-standard-4)"],
  [{ queuedProvisioning: true, minNodes: 1 }, "'queuedProvisioning' (true) needs a pool that can be empty"],
  [{ queuedProvisioning: true, spot: true }, "'queuedProvisioning' (true) cannot be combined with 'spot'"],
  [{ flexStart: true, maxNodes: undefined, nodeCountPerZone: 1 }, "'flexStart' (true) needs autoscaling"],
  [{ flexStart: true, reservation: { use: "ANY_RESERVATION" } }, "'flexStart' (true) takes no reserved machines"],
  [{ flexStart: true, autoRepair: true }, "'autoRepair' (true) is not possible with flex start"],
  [{ maxRunHours: 169 }, "'maxRunHours' (169) is not a number above 0 and at most 168"],
  [{ secondaryBootDisks: [IMAGE] }, "'secondaryBootDisks' (1 of them) need image streaming"],
  [{ imageStreaming: true, secondaryBootDisks: [{ diskImage: "i" }] }, "is not the full name of an image"],
  [{ machineType: "n2-standard-4", localSsdCount: 1, rawLocalSsdCount: 1 }, "cannot be combined with 'localSsdCount'"],
  [{ rawLocalSsdCount: 1 }, "'rawLocalSsdCount' (1) is not possible: machineType (e2-standard-4) takes no local SSDs"],
  [
    { multiNetworking: false, nodeNetworks: [{ network: "n", subnetwork: "s" }] },
    "need a dataplane with several networks",
  ],
  [
    { multiNetworking: false, podNetworks: [{ subnetwork: "s", podRange: "r", maxPodsPerNode: 8 }] },
    "'podNetworks' (1 of",
  ],
  [{ zones: [] }, "'zones' ([]) is shorter than the 1 it needs"],
])("%j is refused", (variant, problem) => {
  expect(problems(variant)).toEqual([expect.stringContaining(problem)]);
});
