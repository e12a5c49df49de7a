import {
  anything,
  type Check,
  type CheckTable,
  decided,
  decisive,
  flag,
  listOf,
  madeBy,
  nested,
  number,
  oneOf,
  recordOf,
  required,
  text,
  textJudgedBy,
  wholeNumber,
  withOtherNames,
} from "../../validation";
import { ANY_TEXT, acceleratorType, anyText, kmsKey, name, networkTag, nodeAccount, resourceLabels } from "../checks";
import { maxPods } from "../cluster/pods-per-node";
import { CONFIDENTIAL_NODES } from "../cluster/security";
import { someZones } from "../location";
import { CLUSTER_NAME } from "../naming";
import type { NodeTaint } from "../node-taint";
import { OTHER_NODE_POOL_NAMES } from "../other-names";
import type { Accelerator } from "./accelerator";
import { ATTACHMENTS } from "./attachments";
import type { BlueGreenUpgrade } from "./blue-green-upgrade";
import type { NodePoolContext } from "./context";
import { diskTypeProblems, imageTypeProblems, machineTypeProblems } from "./machine";
import { HASH_LENGTH } from "./name";
import type { AdoptedPool, GkeNodePoolOptions, GkeNodePoolProps } from "./options";
import { PROCUREMENT } from "./procurement";
import { NODE_SYSTEM } from "./system";
import { taintKeyProblems, taintValueProblems } from "./taints";
import { MAX_PARALLEL } from "./upgrade";

const POOL_NAME = { min: 1, max: CLUSTER_NAME.max - HASH_LENGTH - 1 };
/** https://cloud.google.com/kubernetes-engine/quotas */
const MAX_NODES_PER_ZONE = 1000;
const MAX_SOAK_MINUTES = 7 * 24 * 60;
const MIN_DISK_GB = 10;
const MIN_SHARING_CLIENTS = 2;
const MAX_SHARING_CLIENTS = 48;

const nodes = (from: number, to?: number): Check =>
  wholeNumber({ from, ...(to === undefined ? {} : { to }), remedy: "choose another number of nodes" });
const minutes = number({ from: 0, to: MAX_SOAK_MINUTES, remedy: "choose a number of minutes up to a week" });

/** The check of a taint. */
export const TAINT: CheckTable<NodeTaint> = {
  key: required(textJudgedBy(taintKeyProblems, "give a key such as example.com/dedicated"), "give a key"),
  value: required(textJudgedBy(taintValueProblems, "give a value such as batch"), 'give a value, or ""'),
  effect: required(oneOf(["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"]), "say what it does to pods"),
};

const ACCELERATOR: CheckTable<Accelerator> = {
  type: required(acceleratorType, "name it, such as nvidia-l4"),
  count: required(wholeNumber({ from: 1, remedy: "give the number of accelerators a node" }), "give their number"),
  driverVersion: oneOf(["DEFAULT", "LATEST", "INSTALLATION_DISABLED"]),
  partitionSize: anyText,
  sharing: oneOf(["TIME_SHARING", "MPS"]),
  maxClients: wholeNumber({
    from: MIN_SHARING_CLIENTS,
    to: MAX_SHARING_CLIENTS,
    remedy: "choose another number of containers for one GPU",
  }),
};

const BLUE_GREEN: CheckTable<BlueGreenUpgrade> = {
  batchShare: number({ above: 0, to: 1, remedy: "give a share such as 0.25" }),
  batchNodes: wholeNumber({ from: 1, remedy: "give a number of nodes" }),
  batchSoakMinutes: minutes,
  soakMinutes: minutes,
};

const ADOPTED_POOL: CheckTable<AdoptedPool> = {
  name: required(decided(name(CLUSTER_NAME)), "give the pool's name in GKE"),
  hash: required(
    decided(
      text({
        matches: /^[0-9a-f]{6}$/,
        rule: "is not six hexadecimal digits",
        remedy: "let gke-cilium adopt write it",
      }),
    ),
    "let gke-cilium adopt write it",
  ),
};

/** The checks of a node pool's options, each by itself. */
const OPTIONS: CheckTable<GkeNodePoolOptions> = {
  ...ATTACHMENTS,
  ...NODE_SYSTEM,
  ...PROCUREMENT,
  name: required(
    decisive(name(POOL_NAME), "the pool's resource is named after it"),
    "give the pool a name such as general",
  ),
  machineType: textJudgedBy(machineTypeProblems, "give one such as e2-standard-4"),
  minNodes: nodes(0),
  maxNodes: nodes(1),
  minNodesPerZone: nodes(0, MAX_NODES_PER_ZONE),
  maxNodesPerZone: nodes(1, MAX_NODES_PER_ZONE),
  nodeCountPerZone: nodes(0, MAX_NODES_PER_ZONE),
  locationPolicy: oneOf(["BALANCED", "ANY"]),
  zones: someZones,
  imageType: textJudgedBy(imageTypeProblems, "choose COS_CONTAINERD or UBUNTU_CONTAINERD"),
  diskType: textJudgedBy(diskTypeProblems, "choose pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced"),
  diskSizeGb: wholeNumber({ from: MIN_DISK_GB, remedy: "give the size in GB" }),
  bootDiskKmsKey: kmsKey,
  localSsdCount: wholeNumber({ from: 1, remedy: "give the number of local SSDs, or leave it out" }),
  spot: flag(),
  labels: recordOf(text(ANY_TEXT)),
  taints: decided(listOf(nested(TAINT))),
  networkTags: listOf(networkTag),
  resourceLabels,
  maxPodsPerNode: maxPods,
  podRange: anyText,
  accelerators: decided(listOf(nested(ACCELERATOR))),
  secureBoot: flag(),
  integrityMonitoring: flag(),
  confidentialNodes: CONFIDENTIAL_NODES,
  serviceAccount: nodeAccount,
  minCpuPlatform: anyText,
  imageStreaming: flag(),
  maxSurge: wholeNumber({ from: 0, to: MAX_PARALLEL, remedy: "choose another number of nodes" }),
  maxUnavailable: wholeNumber({ from: 0, to: MAX_PARALLEL, remedy: "choose another number of nodes" }),
  blueGreen: decided(nested(BLUE_GREEN)),
  autoRepair: flag(),
  autoUpgrade: flag(),
  adoptedAs: decided(nested(ADOPTED_POOL)),
  generation: decisive(text(ANY_TEXT), "the pool's resource is named after it"),
};

/** The same, with what gcloud and the provider call them. */
export const GKE_NODE_POOL_OPTIONS = withOtherNames(OPTIONS, OTHER_NODE_POOL_NAMES);

/** The checks of options together with what is known of their surroundings. */
export const GKE_NODE_POOL_FACTS: CheckTable<GkeNodePoolOptions & NodePoolContext> = {
  ...GKE_NODE_POOL_OPTIONS,
  location: anything(),
  zoneCount: anything(),
  autopilot: anything(),
  releaseChannel: anything(),
  startupTaints: anything(),
  podRangeNames: anything(),
  clusterMaxPodsPerNode: anything(),
  clusterConfidentialNodes: anything(),
  multiNetworking: anything(),
};

/** The checks of a node pool's props. */
export const GKE_NODE_POOL_PROPS: CheckTable<GkeNodePoolProps> = {
  ...GKE_NODE_POOL_OPTIONS,
  cluster: required(madeBy(isNodePoolCluster, "new GkeCluster(...)"), "give the cluster it belongs to"),
  startupTaints: decided(listOf(nested(TAINT))),
  ownLabels: anything(),
};

function isNodePoolCluster(value: object): boolean {
  const cluster = value as Readonly<Record<string, unknown>>;
  return (
    ["clusterName", "project", "location", "releaseChannel", "nodeServiceAccount"].every(
      (property) => typeof cluster[property] === "string",
    ) && Array.isArray(cluster["nodeTags"])
  );
}
