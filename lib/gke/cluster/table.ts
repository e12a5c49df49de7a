import {
  anything,
  type CheckTable,
  decided,
  flag,
  listOf,
  madeBy,
  oneOf,
  required,
  wholeNumber,
  withOtherNames,
} from "../../validation";
import { name, networkTag, nodeAccount, projectId, resourceLabels } from "../checks";
import { location, zones } from "../location";
import { CLUSTER_NAME } from "../naming";
import { OTHER_CLUSTER_NAMES } from "../other-names";
import { NODE_SERVICE_ACCOUNT_OPTIONS } from "../service-account/options";
import { SCALING } from "./auto-provisioning";
import { CONTROL_PLANE } from "./control-plane";
import { CLUSTER_DATAPATH } from "./datapath";
import type { ClusterSurroundings } from "./effective";
import { FEATURES } from "./features";
import { MAINTENANCE } from "./maintenance";
import { OBSERVABILITY } from "./observability";
import type { GkeClusterOptions, GkeClusterProps } from "./options";
import { maxPods } from "./pods-per-node";
import { SECURITY } from "./security";

/** The checks of a cluster's options, each by itself. */
const OPTIONS: CheckTable<GkeClusterOptions> = {
  ...CONTROL_PLANE,
  ...SECURITY,
  ...MAINTENANCE,
  ...OBSERVABILITY,
  ...FEATURES,
  ...SCALING,
  ...NODE_SERVICE_ACCOUNT_OPTIONS,
  name: decided(name(CLUSTER_NAME)),
  autopilot: decided(flag()),
  nodeLocations: zones,
  maxPodsPerNode: maxPods,
  initialNodeCount: wholeNumber({ from: 1, remedy: "give the number of nodes a zone that you plan for" }),
  nodeServiceAccount: nodeAccount,
  nodeTags: listOf(networkTag),
  labels: resourceLabels,
  datapathMigratedFrom: decided(oneOf(["LEGACY_DATAPATH"])),
  deletionProtection: decided(flag()),
};

/** The same, with what gcloud and the provider call them. */
export const GKE_CLUSTER_OPTIONS = withOtherNames(OPTIONS, OTHER_CLUSTER_NAMES);

/** The checks of options together with what is known of their surroundings. */
export const GKE_CLUSTER_FACTS: CheckTable<GkeClusterOptions & ClusterSurroundings> = {
  ...GKE_CLUSTER_OPTIONS,
  project: projectId,
  location,
  network: anything(),
};

/** The checks of a cluster's props. */
export const GKE_CLUSTER_PROPS: CheckTable<GkeClusterProps> = {
  ...GKE_CLUSTER_FACTS,
  name: required(name(CLUSTER_NAME), "give the cluster a name such as staging"),
  project: required(projectId, "give the id of its project"),
  location: required(location, "give a region such as asia-northeast1, or a zone"),
  network: required(madeBy(isClusterNetwork, "new GkeNetwork(...)"), "make one with new GkeNetwork(...)"),
  datapath: CLUSTER_DATAPATH,
};

function isClusterNetwork(value: object): boolean {
  return ["network", "subnetwork", "nodes", "pods", "services", "podsRangeName", "nodeTag"].every(
    (property) => typeof (value as Readonly<Record<string, unknown>>)[property] === "string",
  );
}
